using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>What is said of a claimed task. It counts only under the lease that it names.</summary>
/// <param name="Lease">The speaker's right.</param>
/// <param name="State">The stored state that the task is in afterwards.</param>
/// <param name="ResultKey">The object that holds the result, if there is one.</param>
/// <param name="FailureCode">Why the attempt failed, if it did.</param>
/// <param name="Delay">How long it rests before the next attempt.</param>
internal sealed record TaskStep(TaskLease Lease, string State, string? ResultKey = null, string? FailureCode = null, TimeSpan? Delay = null)
{
    /// <summary>It is begun; nothing changes in the task.</summary>
    public static TaskStep Begun(TaskLease lease) => new(lease, "claimed");

    public static TaskStep Done(TaskLease lease, string? resultKey) => new(lease, "done", ResultKey: resultKey);

    /// <summary>It has failed for good.</summary>
    public static TaskStep Failed(TaskLease lease, Failure failure) => new(lease, "failed", FailureCode: failure.Code);

    /// <summary>It has failed and gets another attempt.</summary>
    public static TaskStep Again(TaskLease lease, Failure failure, TimeSpan delay) => new(lease, "queued", FailureCode: failure.Code, Delay: delay);
}
