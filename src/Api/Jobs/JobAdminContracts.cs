using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Jobs;

/// <summary>A job, as operators see it.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Job">The job, as its owner sees it.</param>
internal sealed record OperatorsJob(Guid AccountId, Job Job)
{
    public static OperatorsJob Of(JobSnapshot job) => new(job.AccountId, Job.Of(job));
}

/// <summary>A job and its work, as operators see it.</summary>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Job">The job, as its owner sees it.</param>
/// <param name="Credit"><c>held</c> while it lives; <c>settle_owed</c> or <c>release_owed</c> until the ledger has it; then <c>settled</c> or <c>released</c>; <c>lapsed</c> if its hold had ended before.</param>
/// <param name="HasWorkFiles">Whether there are working files to be deleted when it has ended.</param>
/// <param name="DeadlineAt">When it fails if it has not ended.</param>
/// <param name="Tasks">Its tasks, those to be done first; 200 at the most.</param>
/// <param name="TaskCount">How many it has in all.</param>
internal sealed record OperatorsJobInFull(
    Guid AccountId, Job Job, string Credit, bool HasWorkFiles, DateTimeOffset DeadlineAt, IReadOnlyList<OperatorsTask> Tasks, int TaskCount)
{
    public static OperatorsJobInFull Of(JobInspection found) => new(
        found.Job.AccountId, Job.Of(found.Job), found.Credit, found.HasWorkFiles, found.DeadlineAt, [.. found.Tasks.Select(OperatorsTask.Of)],
        found.TaskCount);
}

/// <summary>A task of a job.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind"><c>prepare</c>, <c>transcribe</c> or <c>compose</c>.</param>
/// <param name="Ordinal">Its number among those of its kind, from 0.</param>
/// <param name="State"><c>queued</c>, <c>claimed</c>, <c>done</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="Attempts">How often a worker took it.</param>
/// <param name="Worker">Which worker has it; null if none.</param>
/// <param name="LeaseExpiresAt">Until when, unless it says that it lives; null if none has it.</param>
/// <param name="FailureCode">What the last attempt ended with; null if none failed.</param>
/// <param name="NotBefore">When a worker may take it; null unless it is queued.</param>
/// <param name="EndedAt">When it ended; null before.</param>
internal sealed record OperatorsTask(
    Guid Id,
    string Kind,
    int Ordinal,
    string State,
    int Attempts,
    string? Worker,
    DateTimeOffset? LeaseExpiresAt,
    string? FailureCode,
    DateTimeOffset? NotBefore,
    DateTimeOffset? EndedAt)
{
    public static OperatorsTask Of(InspectedTask task) => new(
        task.TaskId, task.Kind, task.Ordinal, task.State, task.Attempts, task.Worker, task.LeaseExpiresAt, task.FailureCode, task.AvailableAt,
        task.EndedAt);
}

/// <summary>What queueing a job anew came to.</summary>
/// <param name="Tasks">How many of its tasks are to be done from their first attempt on.</param>
internal sealed record RequeuedTasks(int Tasks);
