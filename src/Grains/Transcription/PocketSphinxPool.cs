using System.Collections.Concurrent;
using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// A fixed number of decoders, each on a thread of its own: recognition keeps a processor busy for seconds, which neither
/// grain turns nor the shared thread pool may pay for. Decoders are made when first needed.
/// </summary>
internal sealed class PocketSphinxPool : IDisposable
{
    private readonly PocketSphinxModel model;
    private readonly BlockingCollection<Recognition> queue = [];
    private readonly SemaphoreSlim free;
    private readonly CancellationTokenSource stopping = new();
    private readonly CancellationToken stopped;
    private readonly Lock adding = new();
    private readonly List<Thread> threads = [];

    public PocketSphinxPool(PocketSphinxModel model, int decoders)
    {
        this.model = model;
        stopped = stopping.Token;
        free = new SemaphoreSlim(decoders);
        for (var i = 0; i < decoders; i++)
        {
            var thread = new Thread(Work) { IsBackground = true, Name = $"Speech decoder {i}" };
            threads.Add(thread);
            thread.Start();
        }
    }

    /// <summary>Waits for a free decoder, then for its words. Canceled, it answers at once; the decoder is free again a moment later.</summary>
    public async Task<IReadOnlyList<Word>> Recognize(PcmAudio audio, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopped);
        await free.WaitAsync(end.Token);
        var recognition = new Recognition(audio, end.Token);
        lock (adding)
        {
            stopped.ThrowIfCancellationRequested();
            queue.Add(recognition, CancellationToken.None);
        }

        return await recognition.Words.Task.WaitAsync(end.Token);
    }

    /// <summary>Ends what runs, and what waits for a decoder, and waits until the decoders are freed.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        // Who found the pool still open has added by now, and is served or canceled; who comes later is turned away.
        lock (adding)
            queue.CompleteAdding();
        threads.ForEach(thread => thread.Join());
        queue.Dispose();
        free.Dispose();
        stopping.Dispose();
    }

    private void Work()
    {
        PocketSphinxDecoder? decoder = null;
        foreach (var recognition in queue.GetConsumingEnumerable())
        {
            try
            {
                decoder ??= new PocketSphinxDecoder(model);
                recognition.Words.SetResult(decoder.Recognize(recognition.Audio, recognition.End));
            }
            catch (OperationCanceledException)
            {
                recognition.Words.SetCanceled(recognition.End);
            }
            // Whatever it is, it is the caller's to know: let go here, it would end the process.
            catch (Exception e)
            {
                // What a failure left behind in a decoder, the next chunk shall not meet.
                decoder?.Dispose();
                decoder = null;
                recognition.Words.SetException(e);
            }
            finally
            {
                free.Release();
            }
        }

        decoder?.Dispose();
    }

    private sealed record Recognition(PcmAudio Audio, CancellationToken End)
    {
        public TaskCompletionSource<IReadOnlyList<Word>> Words { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
