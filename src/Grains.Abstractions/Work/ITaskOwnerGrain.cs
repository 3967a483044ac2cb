namespace AX2Caption.Grains.Abstractions.Work;

/// <summary>
/// A grain that owns tasks. Workers report here; whether a report counts is decided by its lease alone, and a report
/// that was already accepted is accepted again.
/// </summary>
[Alias("ax2.ITaskOwnerGrain")]
public interface ITaskOwnerGrain : IGrainWithGuidKey
{
    /// <summary>A worker begins a task that it has claimed.</summary>
    [Alias("StartTask")]
    Task<TaskVerdict> StartTask(TaskLease lease);

    /// <summary>A worker has finished a task.</summary>
    [Alias("CompleteTask")]
    Task<TaskVerdict> CompleteTask(TaskLease lease, TaskOutcome outcome);

    /// <summary>A worker could not do a task.</summary>
    [Alias("FailTask")]
    Task<TaskVerdict> FailTask(TaskLease lease, TaskFailure failure);

    /// <summary>A task's lease ran out: it is queued again, or ended when it has used up its attempts.</summary>
    [Alias("LoseTask")]
    Task<TaskVerdict> LoseTask(TaskLease lease);
}

/// <summary>The right to work on a task, given by a claim.</summary>
/// <param name="TaskId">The task.</param>
/// <param name="Attempt">Which attempt this is, from 1.</param>
/// <param name="Token">Drawn anew at each claim.</param>
[GenerateSerializer, Immutable, Alias("ax2.TaskLease")]
public sealed record TaskLease([property: Id(0)] Guid TaskId, [property: Id(1)] int Attempt, [property: Id(2)] Guid Token);

/// <summary>Whether a report counted.</summary>
[GenerateSerializer, Alias("ax2.TaskVerdict")]
public enum TaskVerdict
{
    /// <summary>It counted, now or before.</summary>
    Accepted = 0,

    /// <summary>The lease is no longer valid: the task was canceled, lost or given to another worker. Stop working on it.</summary>
    Stale = 1,
}

/// <summary>Why a worker could not do a task.</summary>
/// <param name="Failure">What the owner will read if it is final.</param>
/// <param name="Retryable">Whether another attempt could succeed.</param>
/// <param name="IsOutage">Something that the task needs is away for a while: the task waits for it, and this attempt does not count.</param>
/// <param name="RetryAfter">How long the next attempt is to wait at least; null if nobody has said so.</param>
[GenerateSerializer, Immutable, Alias("ax2.TaskFailure")]
public sealed record TaskFailure(
    [property: Id(0)] Failure Failure,
    [property: Id(1)] bool Retryable,
    [property: Id(2)] bool IsOutage = false,
    [property: Id(3)] TimeSpan? RetryAfter = null);
