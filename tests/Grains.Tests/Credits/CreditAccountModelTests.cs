using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using CsCheck;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>
/// Whatever is asked of an account in whatever order, while time passes, it answers as the naive ledger does. A failure prints its
/// seed; the environment variable <c>CsCheck_Seed</c> replays it.
/// </summary>
public sealed class CreditAccountModelTests
{
    private static readonly CreditLimits Limits = new(OpenHolds: 3, ExpiringGrants: 2);

    private static readonly Guid[] HoldIds = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];

    // Mostly amounts that can work, and those at which sums overflow or signs turn.
    private static readonly Gen<long> Amount = Gen.Frequency(
        (8, Gen.Long[1, 20]),
        (1, Gen.Long[-5, 0]),
        (1, (Gen<long>)Gen.OneOf(
            long.MinValue, long.MaxValue, -CreditAccount.MaximumCredits, CreditAccount.MaximumCredits, CreditAccount.MaximumCredits - 10)));

    private static readonly Gen<DateTimeOffset> End = Gen.Int[-1, 20].Select(hours => Operations.Now.AddHours(hours));

    private static readonly Gen<CreditOperation> Operation =
        from kind in Gen.OneOf(
            CreditEntryKind.Grant, CreditEntryKind.Reserve, CreditEntryKind.Extend, CreditEntryKind.Settle, CreditEntryKind.Release,
            CreditEntryKind.Refund, CreditEntryKind.Adjust)
        from hold in Gen.OneOf(HoldIds)
        from amount in Amount
        from end in End
        from half in Gen.Bool
        select kind switch
        {
            CreditEntryKind.Grant => Operations.Grant(amount, half ? end : null),
            CreditEntryKind.Reserve => Operations.Reserve(hold, amount, end),
            CreditEntryKind.Extend => Operations.Extend(hold, end),
            CreditEntryKind.Settle => Operations.Settle(hold, amount),
            CreditEntryKind.Release => Operations.Release(hold),
            CreditEntryKind.Refund => Operations.Refund(hold, half ? amount : null),
            _ => Operations.Adjust(half ? amount : -amount),
        };

    /// <summary>Some operations, then some hours that pass, and so on.</summary>
    private static readonly Gen<(int Hours, List<CreditOperation> Operations)[]> Story =
        Gen.Select(Gen.Int[0, 4], Operation.List[0, 8]).Array[0, 12];

    [Fact]
    public void Batches_OfAnySequence_AnswerAsTheNaiveLedgerDoes() => Story.Sample(story =>
    {
        var account = CreditAccount.Empty;
        var model = new NaiveLedger(Limits);
        var now = Operations.Now;
        foreach (var (hours, operations) in story)
        {
            now = now.AddHours(hours);
            var batch = new AccountBatch(Guid.Empty, account);
            var seqBefore = account.Seq;
            var endedBefore = HoldIds.ToDictionary(id => id, model.Ended);
            model.EndDue(now);
            batch.EndDue(now);
            foreach (var operation in operations)
            {
                model.EndDue(now);
                var refusal = model.Apply(operation, now);
                var answer = batch.Decide(operation, operation.HoldId is { } id ? endedBefore[id] : null, Limits, now);
                if (refusal is not null)
                {
                    Assert.Equal(refusal, answer);
                    continue;
                }

                var applied = Assert.IsType<CreditResult.Applied>(answer);
                Assert.Equal((operation.OpId, operation.Kind, operation.HoldId), (applied.Entry.OpId, applied.Entry.Kind, applied.Entry.HoldId));
                Assert.Equal(operation.HoldId is { } changed ? model.Holds[changed] : null, applied.Hold);
            }

            account = batch.After;
            Assert.Equal(batch.Entries.Select((_, i) => seqBefore + 1 + i), batch.Entries.Select(written => written.Entry.Seq));
            Assert.Equal(model.Entries, account.Seq);
            Assert.Equal((model.Available, model.Reserved), (account.Available, account.Reserved));
            Assert.True(account is { Available: >= 0, Reserved: >= 0 });
            Assert.Equal(model.Open.OrderBy(hold => hold.HoldId), account.OpenHolds.Values.Select(open => open.Hold).OrderBy(hold => hold.HoldId));
            Assert.Equal(model.Grants.OrderBy(grant => grant.GrantId), account.Grants.OrderBy(grant => grant.GrantId));
            Assert.All(model.Open, hold => Assert.True(account.NextExpiry <= hold.ExpiresAt));
            Assert.All(model.Grants, grant => Assert.True(account.NextExpiry <= grant.ExpiresAt));
            Assert.Equal(batch.Holds.Values.Select(open => open.Hold).ToHashSet(), [.. batch.Holds.Keys.Select(id => model.Holds[id])]);
        }
    });
}
