using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Work;

internal sealed partial class WorkerAgent
{
    [LoggerMessage(LogLevel.Information, "Worker {Worker} takes tasks into {Slots} slots.")]
    private partial void LogStarted(string worker, int slots);

    [LoggerMessage(LogLevel.Information, "Worker {Worker} stopped and handed {Count} tasks back.")]
    private partial void LogStopped(string worker, int count);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind} {Ordinal}) begins, attempt {Attempt}.")]
    private partial void LogTaskStarted(Guid taskId, TaskKind kind, int ordinal, int attempt);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind} {Ordinal}) is done after {Elapsed}.")]
    private partial void LogTaskDone(Guid taskId, TaskKind kind, int ordinal, TimeSpan elapsed);

    [LoggerMessage(LogLevel.Warning, "Task {TaskId} ({Kind}) failed in attempt {Attempt}.")]
    private partial void LogTaskFailed(Exception fault, Guid taskId, TaskKind kind, int attempt);

    [LoggerMessage(LogLevel.Error, "Task {TaskId} ({Kind}) broke off without a report; its lease will run out.")]
    private partial void LogAttemptBroken(Exception fault, Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Information, "Task {TaskId} ({Kind}) is no longer this worker's; its work is dropped.")]
    private partial void LogDropped(Guid taskId, TaskKind kind);

    [LoggerMessage(LogLevel.Warning, "The queue could not be asked for tasks; it will be asked again.")]
    private partial void LogClaimFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "A report was not heard; it will be said again.")]
    private partial void LogReportFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "Leases could not be renewed; it will be tried again.")]
    private partial void LogHeartbeatFailed(Exception fault);

    [LoggerMessage(LogLevel.Warning, "Unfinished tasks could not be handed back; their leases will run out instead.")]
    private partial void LogHandBackFailed(Exception fault);
}
