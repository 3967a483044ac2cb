using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

/// <summary>Does one kind of task on a worker. It may run again after any crash, also while a lost attempt still runs elsewhere.</summary>
internal interface ITaskHandler
{
    TaskKind Kind { get; }

    /// <param name="task">What to do; objects written are named by its lease token, so that no attempt overwrites another's.</param>
    /// <param name="scratch">Where a folder for working files may be created, which is deleted afterwards.</param>
    /// <param name="cancellationToken">The lease is lost or the worker stops.</param>
    /// <exception cref="TaskFailedException">It could not be done, for a reason the owner may read.</exception>
    Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken);
}

/// <summary>A task could not be done.</summary>
internal sealed class TaskFailedException(TaskFailure failure, Exception? inner = null) : Exception(failure.Failure.Message, inner)
{
    public TaskFailedException(Failure failure, bool retryable, Exception? inner = null) : this(new TaskFailure(failure, retryable), inner)
    {
    }

    public TaskFailure TaskFailure { get; } = failure;
}
