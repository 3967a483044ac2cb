using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>A task to be queued.</summary>
internal sealed record NewTask(Guid AccountId, Guid VideoId, Guid? JobId, int Ordinal, TaskInput Input);

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
