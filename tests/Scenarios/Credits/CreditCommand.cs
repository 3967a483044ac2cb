using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Scenarios.Credits;

/// <summary>One thing asked of an account, which can be asked again just so.</summary>
internal sealed record CreditCommand(Guid AccountId, Guid OpId, CreditEntryKind Kind, Guid? HoldId, long Amount)
{
    private const string Reason = "Under load.";

    /// <summary>Later than any test ends; a whole day, since the table keeps microseconds and the first answer does not come from there.</summary>
    private static readonly DateTimeOffset ExpiresAt = new(TimeProvider.System.GetUtcNow().Date.AddDays(2), TimeSpan.Zero);

    /// <summary>Something else under the same id.</summary>
    public CreditCommand Contradicted() => Kind == CreditEntryKind.Grant
        ? this with { Amount = Amount + 1 }
        : this with { Kind = CreditEntryKind.Grant, HoldId = null, Amount = Math.Max(1, Amount) };

    public Task<CreditResult> Send(IGrainFactory grains)
    {
        var account = grains.GetGrain<IUserCreditGrain>(AccountId);
        return Kind switch
        {
            CreditEntryKind.Grant => account.Grant(new GrantCredits(OpId, Amount, Reason)),
            CreditEntryKind.Reserve => account.Reserve(new ReserveCredits(OpId, HoldId!.Value, Amount, ExpiresAt, Reason)),
            CreditEntryKind.Settle => account.Settle(new SettleHold(OpId, HoldId!.Value, Amount, Reason)),
            CreditEntryKind.Release => account.Release(new ReleaseHold(OpId, HoldId!.Value, Reason)),
            _ => throw new InvalidOperationException($"The load does not ask for {Kind}."),
        };
    }
}
