using System.Diagnostics;

namespace AX2Caption.Grains.Transcription;

/// <summary>Cuts audio into chunks for recognition, in silences wherever there are any.</summary>
internal static class ChunkPlanner
{
    // Quieter than this nobody speaks: recordings of whispering stay above.
    private const byte SpeechFloor = -60 - LoudnessCurve.Floor;

    private const int SpeechFrames = 10;

    // A window's background is the level that a hundredth of it stays below; what is less than this above it is silence.
    private const int SilenceMargin = 9;

    // Without at least this range between background and speech, the quiet frames are not pauses.
    private const int MinDynamicRange = 15;

    // A cut may move this far from the target for each frame that the silence is longer, up to a second of silence.
    private const int SilenceWorth = 10;
    private const int LongSilence = 100;

    /// <summary>
    /// Chunks that cover the audio exactly, none longer than <see cref="ChunkOptions.Max"/>. The same audio and options give the same
    /// chunks. Audio without a sample has none.
    /// </summary>
    public static IReadOnlyList<Chunk> Plan(LoudnessCurve audio, ChunkOptions options)
    {
        var levels = audio.Levels.Span;
        var chunks = new List<Chunk>();
        var start = 0;
        while (start < levels.Length)
        {
            var (length, cutsSpeech) = LengthOfNext(levels[start..], options);
            var end = start + length;
            chunks.Add(new Chunk(
                chunks.Count,
                start * LoudnessCurve.Frame,
                end == levels.Length ? audio.Duration : end * LoudnessCurve.Frame,
                HasSpeech(levels[start..end]),
                cutsSpeech));
            start = end;
        }

        return chunks;
    }

    /// <summary>The chunks' audio as it is to be recognised: where speech was cut, each side has a little of the other.</summary>
    public static IReadOnlyList<Chunk> Overlap(IReadOnlyList<Chunk> chunks, ChunkOptions options) =>
    [
        .. chunks.Select((chunk, i) => chunk with
        {
            Start = i > 0 && chunks[i - 1].CutsSpeech ? chunk.Start - options.EffectiveOverlap : chunk.Start,
            End = chunk.CutsSpeech ? chunk.End + options.EffectiveOverlap : chunk.End,
        }),
    ];

    private static (int Length, bool CutsSpeech) LengthOfNext(ReadOnlySpan<byte> rest, ChunkOptions options)
    {
        var max = Frames(options.Max);
        var target = Frames(options.Target);
        // Neither this chunk nor what is left after it shall be shorter than half the target.
        var earliest = target / 2;
        if (rest.Length <= Math.Min(max, target + earliest))
            return (rest.Length, false);

        var latest = Math.Min(max, rest.Length - earliest);
        Debug.Assert(earliest > 0 && earliest <= latest, "Max is at least the target, so the window is never empty.");

        var window = rest[earliest..latest];
        if (CutInSilence(window, target - earliest, Frames(options.MinSilence)) is { } silence)
            return (earliest + silence, false);

        // A last chunk that is long keeps one worker busy while the others have nothing left, but that is no reason to cut through speech.
        return rest.Length <= max ? (rest.Length, false) : (earliest + QuietestFrame(window, target - earliest), true);
    }

    /// <summary>The middle of the silence that lies best: near the target, and long.</summary>
    private static int? CutInSilence(ReadOnlySpan<byte> window, int target, int minSilence)
    {
        var threshold = SilenceThreshold(window);
        int? best = null;
        var bestCost = int.MaxValue;
        var start = 0;
        for (var i = 0; i <= window.Length; i++)
        {
            if (i < window.Length && window[i] <= threshold)
                continue;

            var length = i - start;
            if (length >= minSilence)
            {
                // In a silence longer than a second any place half a second inside is as good as the middle: take the one next to the target.
                var margin = Math.Min(length, LongSilence) / 2;
                var cut = Math.Clamp(target, start + margin, i - margin);
                var cost = Math.Abs(cut - target) - (SilenceWorth * Math.Min(length, LongSilence));
                if (cost < bestCost)
                    (best, bestCost) = (cut, cost);
            }

            start = i + 1;
        }

        return best;
    }

    private static int SilenceThreshold(ReadOnlySpan<byte> window)
    {
        if (window.IsEmpty)
            return -1;

        var sorted = window.ToArray();
        Array.Sort(sorted);
        var background = sorted[sorted.Length / 100];
        var speech = sorted[sorted.Length * 19 / 20];
        return Math.Max(speech - background >= MinDynamicRange ? background + SilenceMargin : -1, SpeechFloor - 1);
    }

    private static int QuietestFrame(ReadOnlySpan<byte> window, int target)
    {
        var best = 0;
        for (var i = 1; i < window.Length; i++)
            if (window[i] < window[best] || (window[i] == window[best] && Math.Abs(i - target) < Math.Abs(best - target)))
                best = i;
        return best;
    }

    private static bool HasSpeech(ReadOnlySpan<byte> levels)
    {
        var loud = 0;
        foreach (var level in levels)
            if (level >= SpeechFloor && ++loud == Math.Min(SpeechFrames, levels.Length))
                return true;
        return false;
    }

    private static int Frames(TimeSpan duration) => (int)(duration / LoudnessCurve.Frame);
}
