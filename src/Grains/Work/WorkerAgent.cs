using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Pulls tasks from the queue whenever it has a free slot, keeps their leases alive, and reports to their owners. A task
/// that is no longer its own is dropped at once; at shutdown everything unfinished is handed back.
/// </summary>
internal sealed partial class WorkerAgent(
    TaskQueue queue,
    IEnumerable<ITaskHandler> handlers,
    IEnumerable<IWorkerPrerequisite> prerequisites,
    IGrainFactory grains,
    IObjectStore objects,
    Scratch scratch,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<WorkerAgent> logger) : BackgroundService
{
    private static readonly TimeSpan ReportRetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly string worker = $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}";
    private readonly Dictionary<TaskKind, ITaskHandler> handlerOf = handlers.ToDictionary(handler => handler.Kind);
    private readonly ConcurrentDictionary<Guid, RunningTask> running = new();
    private readonly SemaphoreSlim freeSlots = new(options.Value.EffectiveSlots);

    public override void Dispose()
    {
        freeSlots.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        foreach (var prerequisite in prerequisites)
        {
            await prerequisite.Check(stoppingToken);
        }

        using var heartbeats = new CancellationTokenSource();
        var heart = KeepLeases(heartbeats.Token);
        LogStarted(worker, options.Value.EffectiveSlots);
        try
        {
            await ClaimUntilStopped(stoppingToken);
        }
        finally
        {
            await HandBackUnfinished();
            await heartbeats.CancelAsync();
            await heart;
        }
    }

    private async Task ClaimUntilStopped(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await freeSlots.WaitAsync(stoppingToken);
                var claimed = await ClaimForFreeSlots(stoppingToken);
                if (claimed == 0)
                {
                    await Task.Delay(Jittered(options.Value.PollInterval), time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
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
            // Not canceled half-way: a claim that commits unseen would wait for its lease to run out.
            foreach (var task in await queue.Claim(worker, slots, options.Value.LeaseDuration, CancellationToken.None))
            {
                Start(task, stoppingToken);
                started++;
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

    private void Start(ClaimedTask task, CancellationToken stoppingToken)
    {
        var entry = new RunningTask(task.Lease, CancellationTokenSource.CreateLinkedTokenSource(stoppingToken));
        running[task.Lease.TaskId] = entry;
        entry.Work = Work(task, entry);
    }

    private async Task Work(ClaimedTask task, RunningTask entry)
    {
        await Task.Yield(); // claiming goes on
        using var scope = logger.BeginScope(new Dictionary<string, object?> { ["JobId"] = task.JobId, ["VideoId"] = task.VideoId });
        var cancellationToken = entry.Token;
        try
        {
            await Attempt(task, cancellationToken);
            running.TryRemove(task.Lease.TaskId, out _);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Lost: nothing is owed. Stopping: the entry stays, to be handed back.
            if (entry.IsLost)
            {
                LogDropped(task.Lease.TaskId, task.Input.Kind);
                running.TryRemove(task.Lease.TaskId, out _);
            }
        }
        catch (Exception fault)
        {
            // Even the report failed for good: without heartbeats the lease runs out and the owner is told.
            LogAttemptBroken(fault, task.Lease.TaskId, task.Input.Kind);
            running.TryRemove(task.Lease.TaskId, out _);
        }
        finally
        {
            entry.Dispose();
            freeSlots.Release();
        }
    }

    private async Task Attempt(ClaimedTask task, CancellationToken cancellationToken)
    {
        var owner = grains.OwnerOf(task.VideoId, task.JobId);
        if (await Report(() => owner.StartTask(task.Lease), cancellationToken) == TaskVerdict.Stale)
        {
            return;
        }

        LogTaskStarted(task.Lease.TaskId, task.Input.Kind, task.Ordinal, task.Lease.Attempt);
        var started = time.GetTimestamp();
        TaskOutcome outcome;
        try
        {
            using var folder = scratch.NewFolder($"{task.Lease.Token:N}");
            outcome = await handlerOf[task.Input.Kind].Handle(task, folder.Path, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            await Fail(owner, task, fault, cancellationToken);
            return;
        }

        if (await Report(() => owner.CompleteTask(task.Lease, outcome), cancellationToken) == TaskVerdict.Stale)
        {
            await Discard(task, outcome);
            return;
        }

        LogTaskDone(task.Lease.TaskId, task.Input.Kind, task.Ordinal, time.GetElapsedTime(started));
    }

    private async Task Fail(ITaskOwnerGrain owner, ClaimedTask task, Exception fault, CancellationToken cancellationToken)
    {
        LogTaskFailed(fault, task.Lease.TaskId, task.Input.Kind, task.Lease.Attempt);
        var failure = fault is TaskFailedException known
            ? known.TaskFailure
            : new TaskFailure(new Failure("internal_error", "Something went wrong on our side. Please try again later."), Retryable: true);
        await Report(() => owner.FailTask(task.Lease, failure), cancellationToken);
    }

    /// <summary>An owner may be moving between silos or the database be away: say it again until it is heard or the lease is lost.</summary>
    private async Task<TaskVerdict> Report(Func<Task<TaskVerdict>> report, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await report();
            }
            catch (Exception fault) when (Transient.Is(fault))
            {
                LogReportFailed(fault);
                await Task.Delay(Jittered(ReportRetryDelay), time, cancellationToken);
            }
        }
    }

    /// <summary>A result that came too late belongs to nobody.</summary>
    private async Task Discard(ClaimedTask task, TaskOutcome outcome)
    {
        var key = outcome switch
        {
            TaskOutcome.Prepared prepared => prepared.AudioKey,
            TaskOutcome.Transcribed transcribed => transcribed.WordsKey,
            _ => null,
        };
        if (key is not null)
        {
            await objects.Delete(key, CancellationToken.None);
        }
        else if (outcome is TaskOutcome.Composed composed)
        {
            await foreach (var file in objects.List(composed.OutputPrefix, CancellationToken.None))
            {
                await objects.Delete(file.Key, CancellationToken.None);
            }
        }

        LogDropped(task.Lease.TaskId, task.Input.Kind);
    }

    private async Task KeepLeases(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(options.Value.HeartbeatInterval, time);
        var lastKept = time.GetTimestamp();
        do
        {
            var leases = running.Values.Select(task => task.Lease).ToList();
            try
            {
                var kept = await queue.Heartbeat(
                    worker, options.Value.EffectiveSlots, leases, options.Value.LeaseDuration, CancellationToken.None);
                lastKept = time.GetTimestamp();
                Drop(leases.Where(lease => !kept.Contains(lease.TaskId)));
            }
            catch (Exception fault) when (Transient.Is(fault))
            {
                LogHeartbeatFailed(fault);
                if (time.GetElapsedTime(lastKept) > options.Value.LeaseDuration)
                {
                    Drop(leases);
                }
            }
        }
        while (await Next(timer, cancellationToken));
    }

    private void Drop(IEnumerable<TaskLease> lost)
    {
        foreach (var lease in lost)
        {
            if (running.TryGetValue(lease.TaskId, out var task) && task.Lease == lease)
            {
                task.Lose();
            }
        }
    }

    private async Task HandBackUnfinished()
    {
        await Task.WhenAll(running.Values.Select(task => task.Work));
        try
        {
            var handedBack = await queue.HandBack([.. running.Values.Select(task => task.Lease)], CancellationToken.None);
            await queue.SignOff(worker, CancellationToken.None);
            LogStopped(worker, handedBack);
        }
        catch (Exception fault) when (Transient.Is(fault))
        {
            LogHandBackFailed(fault);
        }
    }

    private static async Task<bool> Next(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private static TimeSpan Jittered(TimeSpan interval) => interval * (0.75 + (Random.Shared.NextDouble() / 2));

    private sealed class RunningTask(TaskLease lease, CancellationTokenSource cancellation) : IDisposable
    {
        private readonly Lock guard = new();
        private bool isDisposed;

        public TaskLease Lease { get; } = lease;

        public CancellationToken Token { get; } = cancellation.Token;

        public Task Work { get; set; } = Task.CompletedTask;

        public bool IsLost { get; private set; }

        public void Lose()
        {
            lock (guard)
            {
                if (!isDisposed)
                {
                    IsLost = true;
                    cancellation.Cancel();
                }
            }
        }

        public void Dispose()
        {
            lock (guard)
            {
                isDisposed = true;
                cancellation.Dispose();
            }
        }
    }
}
