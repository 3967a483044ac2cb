using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>A task to be queued.</summary>
/// <param name="AccountId">Whose share of the workers it uses.</param>
/// <param name="VideoId">The video that it is about.</param>
/// <param name="JobId">The job that it belongs to; null for a probe.</param>
/// <param name="Ordinal">Its number among those of its kind.</param>
/// <param name="Input">What is to be done.</param>
/// <param name="Priority">When its turn comes.</param>
internal sealed record NewTask(Guid AccountId, Guid VideoId, Guid? JobId, int Ordinal, TaskInput Input, TaskPriority Priority);

/// <summary>When a task's turn comes among those of its account, whose own turn follows from what it has used.</summary>
/// <param name="IsUrgent">Goes first, and has workers kept for it.</param>
/// <param name="Since">When its owner was submitted: what was begun is ended before what came later.</param>
internal sealed record TaskPriority(bool IsUrgent, DateTimeOffset Since);

/// <summary>A task that this worker has claimed.</summary>
internal sealed record ClaimedTask(TaskLease Lease, Guid VideoId, Guid? JobId, int Ordinal, TaskInput Input)
{
    /// <summary>The job's id, or the video's for a probe: the key of the grain that owns the task.</summary>
    public Guid OwnerId => JobId ?? VideoId;
}

/// <summary>A task whose lease ran out.</summary>
internal sealed record LostTask(TaskLease Lease, Guid VideoId, Guid? JobId);

/// <summary>How a report on a task ended inside the owner's transaction.</summary>
internal enum TaskReport
{
    /// <summary>The task changed now; the owner must change with it.</summary>
    Changed,

    /// <summary>The same report was accepted before.</summary>
    Repeated,

    /// <summary>The lease is no longer valid.</summary>
    Stale,
}
