using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Media;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Work;

/// <summary>Makes one attempt at a claimed task and tells its owner how it went.</summary>
internal sealed partial class TaskRunner(
    IEnumerable<ITaskHandler> handlers,
    IGrainFactory grains,
    IObjectStore objects,
    Scratch scratch,
    WorkerRest rest,
    TimeProvider time,
    ILogger<TaskRunner> logger)
{
    private static readonly TimeSpan ReportRetryDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Whoever stops a service may tell all its processes at once: by then this one has heard of it, too.</summary>
    private static readonly TimeSpan StopIsHeardWithin = TimeSpan.FromSeconds(1);

    private static readonly Failure InternalError = new("internal_error", "Something went wrong on our side. Please try again later.");

    private static readonly Failure StorageUnavailable =
        new("storage_unavailable", "Our storage is not available at the moment. Please try again later.");

    private readonly Dictionary<TaskKind, ITaskHandler> handlerOf = handlers.ToDictionary(handler => handler.Kind);

    /// <param name="task">The task, under a lease that somebody keeps alive meanwhile.</param>
    /// <param name="cancellationToken">The lease is lost or the worker stops; nothing is reported then.</param>
    public async Task Attempt(ClaimedTask task, CancellationToken cancellationToken)
    {
        var owner = grains.OwnerOf(task.VideoId, task.JobId);
        try
        {
            await Attempt(owner, task, cancellationToken);
        }
        catch (DataRefusedException refused)
        {
            // Said again, or worked out again, it would be refused again.
            LogRefused(refused, task.Lease.TaskId, task.Input.Kind, task.Lease.Attempt);
            await Report(() => owner.FailTask(task.Lease, new TaskFailure(InternalError, Retryable: false)), cancellationToken);
        }
    }

    private async Task Attempt(ITaskOwnerGrain owner, ClaimedTask task, CancellationToken cancellationToken)
    {
        // The first task of a job moves the job too; the claim itself is all that the others need.
        if (task.Input is TaskInput.Prepare && await Report(() => owner.StartTask(task.Lease), cancellationToken) == TaskVerdict.Stale)
        {
            LogDropped(task.Lease.TaskId, task.Input.Kind);
            return;
        }

        LogStarted(task.Lease.TaskId, task.Input.Kind, task.Ordinal, task.Lease.Attempt);
        var started = time.GetTimestamp();
        TaskOutcome outcome;
        try
        {
            using var folder = scratch.NewFolder($"{task.Lease.Token:N}");
            outcome = await handlerOf[task.Input.Kind].Handle(task, folder.Path, cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            if (fault is MediaToolDisturbedException { WasToldToEnd: true })
            {
                await Task.Delay(StopIsHeardWithin, time, cancellationToken);
            }

            // Whatever it was, the owner decides what it means for the task.
            await Fail(owner, task, fault, cancellationToken);
            return;
        }

        if (await Report(() => owner.CompleteTask(task.Lease, outcome), cancellationToken) == TaskVerdict.Stale)
        {
            await Discard(outcome);
            LogDropped(task.Lease.TaskId, task.Input.Kind);
            return;
        }

        LogDone(task.Lease.TaskId, task.Input.Kind, task.Ordinal, time.GetElapsedTime(started));
    }

    private async Task Fail(ITaskOwnerGrain owner, ClaimedTask task, Exception fault, CancellationToken cancellationToken)
    {
        var failure = fault switch
        {
            TaskFailedException known => known.TaskFailure,
            ObjectStoreUnavailableException or ObjectStoreFullException => new TaskFailure(StorageUnavailable, Retryable: true, IsOutage: true),
            // No file is to blame for that, nor is another worker like this one.
            SandboxUnavailableException => new TaskFailure(InternalError, Retryable: true, IsOutage: true),
            _ => new TaskFailure(InternalError, Retryable: true),
        };
        if (WorkerRest.IsDueAfter(fault))
        {
            rest.Ask();
        }

        if (failure.IsOutage)
        {
            LogAway(task.Lease.TaskId, task.Input.Kind, failure.Failure.Code, fault.GetBaseException().Message);
        }
        else
        {
            LogFailed(fault, task.Lease.TaskId, task.Input.Kind, task.Lease.Attempt);
        }

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
                LogUnheard(fault);
                await Task.Delay(ReportRetryDelay.Jittered(), time, cancellationToken);
            }
        }
    }

    /// <summary>A result that came too late belongs to nobody.</summary>
    private async Task Discard(TaskOutcome outcome)
    {
        switch (outcome)
        {
            case TaskOutcome.Prepared prepared:
                await objects.Delete(prepared.AudioKey, CancellationToken.None);
                break;
            case TaskOutcome.Transcribed transcribed:
                await objects.Delete(transcribed.WordsKey, CancellationToken.None);
                break;
            case TaskOutcome.Composed composed:
                await objects.DeleteAll(composed.OutputPrefix, CancellationToken.None);
                break;
        }
    }

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind} {Ordinal}) begins, attempt {Attempt}.")]
    private partial void LogStarted(Guid taskId, TaskKind kind, int ordinal, int attempt);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind} {Ordinal}) is done after {Elapsed}.")]
    private partial void LogDone(Guid taskId, TaskKind kind, int ordinal, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Warning, "Task {TaskId} ({Kind}) failed in attempt {Attempt}.")]
    private partial void LogFailed(Exception fault, Guid taskId, TaskKind kind, int attempt);

    [LoggerMessage(LogLevel.Error, "A report on task {TaskId} ({Kind}) was refused in attempt {Attempt} for what it says; the task fails.")]
    private partial void LogRefused(Exception fault, Guid taskId, TaskKind kind, int attempt);

    [LoggerMessage(LogLevel.Warning, "Task {TaskId} ({Kind}) is put back, {Code}: {Reason}")]
    private partial void LogAway(Guid taskId, TaskKind kind, string code, string reason);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind}) is no longer this worker's; its result is dropped.")]
    private partial void LogDropped(Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Warning, "A report was not heard; it will be said again.")]
    private partial void LogUnheard(Exception fault);
}
