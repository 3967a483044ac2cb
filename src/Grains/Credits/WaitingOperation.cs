using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>An operation whose caller waits for the answer.</summary>
/// <param name="operation">The operation; null for the wish that whatever is due be ended.</param>
internal sealed class WaitingOperation(CreditOperation? operation)
{
    private readonly TaskCompletionSource<CreditResult> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CreditOperation? Operation => operation;

    public Task<CreditResult> Answer => answer.Task;

    /// <summary>Whether it must be looked up in the ledger before it is decided.</summary>
    public bool NeedsFacts { get; set; } = operation is null;

    /// <summary>Whether it must be written by itself, since a batch with it was refused by the database.</summary>
    public bool Alone { get; set; }

    /// <summary>How often it had to be decided again.</summary>
    public int Rounds { get; set; }

    /// <summary>What was due when its turn came.</summary>
    public int EndedDue { get; set; }

    public void Succeed(CreditResult result) => answer.TrySetResult(result);

    public void Fail(Exception fault) => answer.TrySetException(fault);
}
