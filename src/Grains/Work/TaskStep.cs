using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>What is said of a claimed task. It counts only under the lease that it names.</summary>
/// <param name="Lease">The speaker's right.</param>
/// <param name="State">The stored state that the task is in afterwards.</param>
/// <param name="ResultKey">The object that holds the result, if there is one.</param>
/// <param name="FailureCode">Why the attempt failed, if it did.</param>
/// <param name="Pause">How long it rests before the next attempt, if there is to be one.</param>
/// <param name="IfLapsed">It counts only if the lease has run out, by the database's clock, and was not renewed since somebody saw that.</param>
internal sealed record TaskStep(
    TaskLease Lease, string State, string? ResultKey = null, string? FailureCode = null, TaskPause? Pause = null, bool IfLapsed = false)
{
    /// <summary>It is begun; nothing changes in the task.</summary>
    public static TaskStep Begun(TaskLease lease) => new(lease, "claimed");

    public static TaskStep Done(TaskLease lease, string? resultKey) => new(lease, "done", ResultKey: resultKey);

    /// <summary>It has failed for good.</summary>
    public static TaskStep Failed(TaskLease lease, Failure failure) => new(lease, "failed", FailureCode: failure.Code);

    /// <summary>It has failed and gets another attempt.</summary>
    public static TaskStep Again(TaskLease lease, Failure failure, TaskPause pause) => new(lease, "queued", FailureCode: failure.Code, Pause: pause);
}

/// <summary>How long a task rests before its next attempt.</summary>
/// <param name="Delay">The pause; in an outage that of the first time, doubled for each further one in a row.</param>
/// <param name="AtLeast">What it is to last however short it would be.</param>
/// <param name="GrowsTo">The longest pause of an outage, in which the task has its attempt back; null where the attempt counts.</param>
internal sealed record TaskPause(TimeSpan Delay, TimeSpan AtLeast = default, TimeSpan? GrowsTo = null)
{
    /// <summary>The shortest that it can be.</summary>
    public TimeSpan Shortest => Delay > AtLeast ? Delay : AtLeast;
}
