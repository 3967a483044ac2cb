using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using CsCheck;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>Whatever is asked of an account in whatever order, it answers as the naive ledger does.</summary>
public sealed class CreditAccountModelTests
{
    private static readonly Guid[] HoldIds = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];

    // Mostly amounts that can work, and those at which sums overflow or signs turn.
    private static readonly Gen<long> Amount = Gen.Frequency(
        (8, Gen.Long[1, 20]),
        (1, Gen.Long[-5, 0]),
        (1, (Gen<long>)Gen.OneOf(
            long.MinValue, long.MaxValue, -CreditAccount.MaximumCredits, CreditAccount.MaximumCredits, CreditAccount.MaximumCredits - 10)));

    private static readonly Gen<CreditOperation> Operation =
        from kind in Gen.Enum<CreditEntryKind>()
        from hold in Gen.OneOf(HoldIds)
        from amount in Amount
        select kind switch
        {
            CreditEntryKind.Grant => Operations.Grant(amount),
            CreditEntryKind.Reserve => Operations.Reserve(hold, amount),
            CreditEntryKind.Settle => Operations.Settle(hold, amount),
            CreditEntryKind.Release => Operations.Release(hold),
            _ => Operations.Expire(hold),
        };

    [Fact]
    public void Decide_AnySequence_AnswersAsTheNaiveLedgerDoes() => Operation.List[0, 60].Sample(operations =>
    {
        var account = CreditAccount.Empty;
        var model = new NaiveLedger();
        foreach (var operation in operations)
        {
            var endedHold = operation.HoldId is { } id && model.Holds.GetValueOrDefault(id) is { State: not CreditHoldState.Open } ended ? ended : null;
            var refusal = model.Apply(operation);
            switch (account.Decide(operation, endedHold, Operations.Now))
            {
                case CreditDecision.Write write:
                    Assert.Null(refusal);
                    Assert.Equal(account.Seq + 1, write.Entry.Seq);
                    Assert.Equal((operation.OpId, operation.Kind, operation.HoldId), (write.Entry.OpId, write.Entry.Kind, write.Entry.HoldId));
                    Assert.Equal(write.After.Balance, new CreditBalance(write.Entry.AvailableAfter, write.Entry.ReservedAfter));
                    Assert.Equal(operation.HoldId is { } changed ? model.Holds[changed] : null, write.Hold);
                    account = write.After;
                    break;
                case CreditDecision.Refuse refuse:
                    Assert.Equal(refusal, refuse.Result);
                    break;
            }

            Assert.Equal(model.Entries, account.Seq);
            Assert.Equal(model.Available, account.Available);
            Assert.Equal(model.Reserved, account.Reserved);
            Assert.True(account is { Available: >= 0, Reserved: >= 0 });
            Assert.Equal(model.Open.OrderBy(hold => hold.HoldId), account.OpenHolds.Values.OrderBy(hold => hold.HoldId));
        }
    });
}
