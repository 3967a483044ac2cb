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
    private readonly SemaphoreSlim free = new(options.Decoders);
    private readonly ConcurrentStack<PocketSphinxProcess> idle = new();
    private readonly ConcurrentDictionary<PocketSphinxProcess, bool> running = new();
    private readonly CancellationTokenSource stopping = new();

    /// <summary>The processes there are.</summary>
    public IReadOnlyList<int> Processes => [.. running.Keys.Select(engine => engine.Id)];

    /// <summary>Waits for an engine, then for its words.</summary>
    /// <exception cref="EngineCrashedException">The engine ended before it had them. The next chunk gets another.</exception>
    /// <exception cref="TimeoutException">The engine took longer than a chunk may.</exception>
    public async Task<IReadOnlyList<Word>> Recognize(PcmAudio audio, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping.Token);
        await free.WaitAsync(end.Token);
        PocketSphinxProcess? engine = null;
        try
        {
            engine = Idle() ?? await Started(end.Token);
            var words = await Recognize(engine, audio, end.Token);
            idle.Push(engine);
            engine = null;
            return words;
        }
        finally
        {
            if (engine is not null)
                End(engine);
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

    private async Task<IReadOnlyList<Word>> Recognize(PocketSphinxProcess engine, PcmAudio audio, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(options.ChunkTimeout, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, clock.Token);
        try
        {
            return await engine.Recognize(audio, end.Token);
        }
        catch (OperationCanceledException) when (clock.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The speech engine had no words after {options.ChunkTimeout}; its process was ended.");
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
        var engine = await PocketSphinxProcess.Start(sandbox, options.ModelPath, cancellationToken);
        running[engine] = true;
        return engine;
    }

    private void End(PocketSphinxProcess engine)
    {
        running.TryRemove(engine, out _);
        engine.Dispose();
    }
}
