using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Pulls tasks from the queue whenever it has a free slot. At shutdown it stops what runs and hands everything unfinished back.
/// </summary>
internal sealed partial class WorkerAgent(
    TaskQueue queue,
    TaskRunner runner,
    LeaseKeeper leases,
    RunningTasks running,
    LostAttempts lost,
    WorkerRest rest,
    WorkerPrerequisites prerequisites,
    WorkerIdentity worker,
    WorkMetrics metrics,
    IHostApplicationLifetime lifetime,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<WorkerAgent> logger) : BackgroundService
{
    /// <summary>Of so many claims one takes what is next in any lane, so that urgent tasks do not keep the others waiting for ever.</summary>
    private const int ClaimsPerRound = 4;

    /// <summary>After a look at the queue that met another worker's; so often, and then it rests.</summary>
    private const int QuickLooks = 3;

    private static readonly TimeSpan QuickLook = TimeSpan.FromMilliseconds(20);

    /// <summary>While what is due is less than the free slots: what comes within this is claimed together.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    /// <summary>What was stopped has killed its tools and cleared up by then; the host waits for a minute.</summary>
    private static readonly TimeSpan EndsWithin = TimeSpan.FromSeconds(20);

    private readonly SemaphoreSlim freeSlots = new(options.Value.EffectiveSlots);
    private int claims;
    private bool tookAll;

    public override void Dispose()
    {
        freeSlots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await prerequisites.Check(stoppingToken);

        // As soon as the process is told to stop: this service's own turn comes after those that answer requests.
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        // Leases live on while the worker drains.
        using var drained = new CancellationTokenSource();
        var keeping = leases.Run(worker, drained.Token);
        LogStarted(worker.Name, options.Value.EffectiveSlots);
        try
        {
            await ClaimUntilStopped(stopping.Token);
        }
        finally
        {
            await HandBackUnfinished();
            await drained.CancelAsync();
            await keeping;
            await SignOff();
        }
    }

    private async Task ClaimUntilStopped(CancellationToken stoppingToken)
    {
        try
        {
            for (var looks = 0; ;)
            {
                await freeSlots.WaitAsync(stoppingToken);
                await rest.Take(stoppingToken);
                if (await ClaimForFreeSlots(stoppingToken) == 0)
                {
                    var pause = looks++ < QuickLooks && await HasDue() ? QuickLook : options.Value.PollInterval;
                    await Task.Delay(pause.Jittered(), time, stoppingToken);
                    continue;
                }

                looks = 0;
                if (tookAll)
                {
                    await Task.Delay(Gathering, time, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Told to stop.
        }
    }

    /// <summary>Called with one slot taken; takes the other free ones along and gives back what found no task.</summary>
    private async Task<int> ClaimForFreeSlots(CancellationToken stoppingToken)
    {
        var slots = 1;
        while (freeSlots.Wait(0, CancellationToken.None))
        {
            slots++;
        }

        var started = 0;
        try
        {
            // Where there were fewer tasks than slots just now, none is kept waiting by another.
            if (!tookAll && claims++ % ClaimsPerRound != 0)
            {
                started += await Claim(Lane.Urgent, slots, stoppingToken);
            }

            if (started < slots)
            {
                started += await Claim(Lane.Any, slots - started, stoppingToken);
                tookAll = started < slots;
            }
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogClaimFailed(fault);
        }
        finally
        {
            if (slots > started)
            {
                freeSlots.Release(slots - started);
            }
        }

        return started;
    }

    private async Task<int> Claim(Lane lane, int limit, CancellationToken stoppingToken)
    {
        // Not canceled half-way: a claim that commits unseen would wait for its lease to run out.
        var started = time.GetTimestamp();
        var claimed = await queue.Claim(worker, lane, limit, CancellationToken.None);
        metrics.Claimed(claimed.Count, time.GetElapsedTime(started));
        foreach (var task in claimed)
        {
            var entry = running.Add(task.Lease, stoppingToken);
            entry.Work = Work(task, entry);
        }

        return claimed.Count;
    }

    private async Task<bool> HasDue()
    {
        try
        {
            return await queue.HasDue(CancellationToken.None);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogClaimFailed(fault);
            return false;
        }
    }

    private async Task Work(ClaimedTask task, RunningTask entry)
    {
        await Task.Yield(); // claiming goes on
        using var scope = logger.BeginScope(new Dictionary<string, object?> { ["JobId"] = task.JobId, ["VideoId"] = task.VideoId });
        try
        {
            await runner.Attempt(task, entry.Token);
            running.Remove(task.Lease);
        }
        catch (Exception fault) when (entry.Token.IsCancellationRequested)
        {
            // Canceled, or whatever came of that. Lost: nothing is owed. Stopping: the entry stays, to be handed back.
            if (fault is not OperationCanceledException)
            {
                LogStopped(fault, task.Lease.TaskId, task.Input.Kind);
            }

            if (entry.IsLost)
            {
                LogLost(task.Lease.TaskId, task.Input.Kind);
                running.Remove(task.Lease);
                await lost.ClearAfter(task);
            }
        }
        catch (Exception fault)
        {
            // Even the report failed for good: without heartbeats the lease runs out and the owner is told.
            LogBroken(fault, task.Lease.TaskId, task.Input.Kind);
            running.Remove(task.Lease);
        }
        finally
        {
            entry.Dispose();
            freeSlots.Release();
        }
    }

    private async Task HandBackUnfinished()
    {
        try
        {
            await running.AllEnded.WaitAsync(EndsWithin, time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // What still runs, before a store that does not answer, may say what it likes: its lease is gone with the hand-back.
            LogStillRuns(worker.Name, EndsWithin);
        }

        try
        {
            LogHandedBack(worker.Name, await queue.HandBack(running.Leases, CancellationToken.None));
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogHandBackFailed(fault);
        }
    }

    /// <summary>After the last heartbeat, which would sign it on again.</summary>
    private async Task SignOff()
    {
        try
        {
            await queue.SignOff(worker, CancellationToken.None);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogHandBackFailed(fault);
        }
    }

    [LoggerMessage(LogLevel.Information, "Worker {Worker} takes tasks into {Slots} slots.")]
    private partial void LogStarted(string worker, int slots);

    [LoggerMessage(LogLevel.Information, "Worker {Worker} stops and hands {Count} tasks back.")]
    private partial void LogHandedBack(string worker, int count);

    [LoggerMessage(LogLevel.Information, "The lease of task {TaskId} ({Kind}) is lost; its work was stopped.")]
    private partial void LogLost(Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Warning, "Worker {Worker} stops, although some of its tasks did not end within {Time}.")]
    private partial void LogStillRuns(string worker, TimeSpan time);

    [LoggerMessage(LogLevel.Warning, "Task {TaskId} ({Kind}) did not end well when it was stopped.")]
    private partial void LogStopped(Exception fault, Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Error, "Task {TaskId} ({Kind}) broke off without a report; its lease will run out.")]
    private partial void LogBroken(Exception fault, Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Warning, "The queue could not be asked for tasks; it will be asked again.")]
    private partial void LogClaimFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "The queue could not be told that this worker stops; its leases will run out instead.")]
    private partial void LogHandBackFailed(Exception fault);
}
