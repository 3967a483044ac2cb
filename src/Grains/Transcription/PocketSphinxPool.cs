using System.Collections.Concurrent;
using AX2Caption.Captions;
using AX2Caption.Grains.Media;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// At most so many engines at once, each in a process of its own, started when first needed and again when one has ended. A chunk that is canceled
/// takes its engine along: nothing ends a native search sooner.
/// </summary>
internal sealed class PocketSphinxPool(MediaSandboxOptions sandbox, PocketSphinxOptions options, TimeProvider time) : IDisposable
{
    /// <summary>Twenty times what a start takes: one that hangs must not keep its place for ever.</summary>
    private static readonly TimeSpan StartWithin = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim free = new(options.Decoders);
    private readonly ConcurrentStack<PocketSphinxProcess> idle = new();
    private readonly ConcurrentDictionary<PocketSphinxProcess, bool> running = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The processes there are.</summary>
    public IReadOnlyList<int> Processes => [.. running.Keys.Select(engine => engine.Id)];

    /// <summary>Waits for an engine, then for its words.</summary>
    /// <exception cref="EngineCrashedException">The engine ended before it had them. The next chunk gets another.</exception>
    /// <exception cref="TimeoutException">The engine took longer than a start, or a chunk, may.</exception>
    public async Task<IReadOnlyList<Word>> Recognize(PcmAudio audio, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        await free.WaitAsync(end.Token);
        try
        {
            while (Idle() is { } engine)
            {
                try
                {
                    return await Recognize(engine, audio, end.Token);
                }
                catch (EngineCrashedException crash) when (crash.BeforeItWasAsked)
                {
                    // It ended while it was idle, and was not known to have: the chunk is not the cause.
                }
            }

            return await Recognize(await Started(end.Token), audio, end.Token);
        }
        finally
        {
            free.Release();
        }
    }

    /// <summary>Ends what runs, what waits, and every process.</summary>
    public void Dispose()
    {
        stopping.Cancel();
        foreach (var engine in running.Keys)
            End(engine);
    }

    /// <summary>An engine that fails is ended; one that does not is idle again.</summary>
    private async Task<IReadOnlyList<Word>> Recognize(PocketSphinxProcess engine, PcmAudio audio, CancellationToken cancellationToken)
    {
        try
        {
            var words = await Within(options.ChunkTimeout, "had no words", end => engine.Recognize(audio, end), cancellationToken);
            idle.Push(engine);
            return words;
        }
        catch
        {
            End(engine);
            throw;
        }
    }

    /// <summary>Whoever is canceled ends its process, so that nothing of it is left when this answers.</summary>
    private async Task<T> Within<T>(TimeSpan limit, string complaint, Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(limit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await work(end.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The speech engine {complaint} after {limit}; its process was ended.");
        }
    }

    private PocketSphinxProcess? Idle()
    {
        while (idle.TryPop(out var engine))
        {
            if (!engine.HasEnded)
                return engine;
            End(engine);
        }

        return null;
    }

    private async Task<PocketSphinxProcess> Started(CancellationToken cancellationToken)
    {
        var engine = await Within(
            StartWithin, "did not start", end => PocketSphinxProcess.Start(sandbox, options.ModelPath, end), cancellationToken);
        running[engine] = true;
        return engine;
    }

    private void End(PocketSphinxProcess engine)
    {
        running.TryRemove(engine, out _);
        engine.Dispose();
    }
}
