using System.Runtime.InteropServices;
using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>One native decoder: about 110 MB, for one thread at a time. A fault of the library ends its process, so that a worker has none of its own.</summary>
internal sealed unsafe class PocketSphinxDecoder : IDisposable
{
    // A quarter of a second of audio: how long a cancellation may go unseen while the search runs.
    private const int FramesPerStep = 25;

    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

    // The native start-up fills tables that are shared by all decoders.
    private static readonly Lock Creation = new();

    private readonly FrontEndHandle frontEnd;
    private readonly DecoderHandle decoder;

    public PocketSphinxDecoder(PocketSphinxModel model)
    {
        model.Check();
        lock (Creation)
        {
            try
            {
                PocketSphinxNative.SetLogFile(0);
                var arguments = model.Arguments();
                using var configuration = PocketSphinxNative.ParseArguments(
                    0, PocketSphinxNative.ArgumentDefinitions(), arguments.Length, arguments, strict: 1);
                decoder = Created(PocketSphinxNative.CreateDecoder(Created(configuration)));
                frontEnd = Created(PocketSphinxNative.CreateFrontEnd(configuration));
            }
            catch (DllNotFoundException e)
            {
                throw new InvalidOperationException(
                    "The speech engine's libraries are missing. Install the package 'pocketsphinx' (libpocketsphinx3, libsphinxbase3).", e);
            }
        }
    }

    public IReadOnlyList<Word> Recognize(PcmAudio audio, CancellationToken cancellationToken)
    {
        using var features = PocketSphinxFeatures.Compute(frontEnd, audio.Samples.Span);
        if (features.Count == 0)
            return [];

        Check(PocketSphinxNative.StartStream(decoder));
        Check(PocketSphinxNative.StartUtterance(decoder));
        for (var at = 0; at < features.Count && !cancellationToken.IsCancellationRequested; at += FramesPerStep)
            Check(PocketSphinxNative.ProcessFeatures(
                decoder, features.Frames + at, Math.Min(FramesPerStep, features.Count - at), noSearch: 0, fullUtterance: 0));

        // Owed even to a canceled utterance: the decoder starts no other before.
        var ended = PocketSphinxNative.EndUtterance(decoder);
        cancellationToken.ThrowIfCancellationRequested();
        Check(ended);
        return Words(audio.Duration);
    }

    public void Dispose()
    {
        frontEnd.Dispose();
        decoder.Dispose();
    }

    private List<Word> Words(TimeSpan duration)
    {
        var logMath = PocketSphinxNative.LogMath(decoder);
        var words = new List<Word>();
        var earliest = TimeSpan.Zero;
        for (var segment = PocketSphinxNative.FirstSegment(decoder); segment != 0; segment = PocketSphinxNative.NextSegment(segment))
        {
            if (PocketSphinxLabel.ToText(Marshal.PtrToStringUTF8(PocketSphinxNative.SegmentWord(segment)) ?? "") is not { } text)
                continue;

            int first, last;
            PocketSphinxNative.SegmentFrames(segment, &first, &last);
            var start = Max(earliest, first * Frame);
            var end = Min(duration, (last + 1) * Frame);
            if (start >= end)
                continue;

            var probability = PocketSphinxNative.Exp(logMath, PocketSphinxNative.SegmentProbability(segment, null, null, null));
            words.Add(new Word(text, start, end, Math.Clamp(probability, 0, 1)));
            earliest = end;
        }

        return words;
    }

    private static T Created<T>(T handle)
        where T : PocketSphinxHandle
        => handle.IsInvalid
            ? throw new InvalidOperationException($"The speech engine does not start with the model at '{PocketSphinxOptions.Section}:{nameof(PocketSphinxOptions.ModelPath)}'.")
            : handle;

    private static void Check(int result)
    {
        if (result < 0)
            throw new InvalidOperationException("The speech engine failed while recognising.");
    }

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
