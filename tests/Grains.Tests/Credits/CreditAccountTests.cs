using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using static AX2Caption.Grains.Tests.Credits.Operations;

namespace AX2Caption.Grains.Tests.Credits;

public sealed class CreditAccountTests
{
    private static readonly Guid Hold = Guid.CreateVersion7();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(CreditAccount.MaximumCredits + 1)]
    public void Grant_AmountOutOfRange_IsRefused(long amount) =>
        Assert.Equal(new CreditResult.InvalidAmount(amount), Refusal(CreditAccount.Empty, Grant(amount)));

    [Fact]
    public void Grant_UpToWhatAnAccountCanCarry_IsWrittenAndNoMore()
    {
        var full = Written(Account(10, hold: 4), Grant(CreditAccount.MaximumCredits - 10));

        Assert.Equal(CreditAccount.MaximumCredits, full.After.Available + full.After.Reserved);
        Assert.IsType<CreditResult.InvalidAmount>(Refusal(full.After, Grant(1)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Reserve_AmountNotPositive_IsRefused(long amount) =>
        Assert.Equal(new CreditResult.InvalidAmount(amount), Refusal(Account(10), Reserve(Hold, amount)));

    [Theory]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public void Reserve_MoreThanAvailable_IsRefusedWithBoth(long amount) =>
        Assert.Equal(new CreditResult.InsufficientCredits(amount, 10), Refusal(Account(10), Reserve(Hold, amount)));

    [Fact]
    public void Reserve_AllThatIsAvailable_IsWritten() =>
        Assert.Equal(new CreditBalance(0, 10), Written(Account(10), Reserve(Hold, 10)).After.Balance);

    [Fact]
    public void Reserve_HoldThatIsOpen_IsRefused() =>
        Assert.Equal(CreditHoldState.Open, Assert.IsType<CreditResult.HoldNotOpen>(Refusal(Account(10, hold: 4), Reserve(Hold, 1))).Hold.State);

    [Theory]
    [InlineData(CreditHoldState.Settled)]
    [InlineData(CreditHoldState.Released)]
    [InlineData(CreditHoldState.Expired)]
    public void AnyOperation_OnHoldThatHasEnded_IsRefused(CreditHoldState state)
    {
        var ended = new CreditHold(Hold, 4, state, Now);

        foreach (var operation in (CreditOperation[])[Reserve(Hold, 1), Extend(Hold, Now.AddDays(2)), Settle(Hold, 1), Release(Hold), Expire(Hold)])
            Assert.Equal(new CreditResult.HoldNotOpen(ended), Refusal(Account(10), operation, new EndedHold(ended, Settled: 0, Refunded: 0)));
    }

    [Fact]
    public void EndingOperation_OnUnknownHold_IsRefused()
    {
        foreach (var operation in (CreditOperation[])[Extend(Hold, Now.AddDays(2)), Settle(Hold, 1), Release(Hold), Expire(Hold), Refund(Hold, 1)])
            Assert.Equal(new CreditResult.HoldNotFound(Hold), Refusal(Account(10), operation));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(5)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Settle_AmountOutsideTheHold_IsRefused(long amount) =>
        Assert.Equal(new CreditResult.InvalidAmount(amount), Refusal(Account(10, hold: 4), Settle(Hold, amount)));

    [Theory]
    [InlineData(0, 10)]
    [InlineData(3, 7)]
    [InlineData(4, 6)]
    public void Settle_UpToTheHold_ReturnsTheRest(long spent, long available)
    {
        var written = Written(Account(10, hold: 4), Settle(Hold, spent));

        Assert.Equal(new CreditBalance(available, 0), written.After.Balance);
        Assert.Equal(spent, written.Entry.Amount);
        Assert.Equal(CreditHoldState.Settled, written.Hold!.Hold.State);
    }

    [Theory]
    [InlineData(CreditEntryKind.Release, CreditHoldState.Released)]
    [InlineData(CreditEntryKind.Expire, CreditHoldState.Expired)]
    public void ReleaseOrExpire_ReturnsTheWholeHold(CreditEntryKind kind, CreditHoldState state)
    {
        var written = Written(Account(10, hold: 4), kind == CreditEntryKind.Release ? Release(Hold) : Expire(Hold));

        Assert.Equal(new CreditBalance(10, 0), written.After.Balance);
        Assert.Equal(4, written.Entry.Amount);
        Assert.Equal(state, written.Hold!.Hold.State);
        Assert.Empty(written.After.OpenHolds);
    }

    [Fact]
    public void DueHolds_AreThoseWhoseTimeHasCome_EarliestFirst()
    {
        Guid late = Guid.CreateVersion7(), early = Guid.CreateVersion7(), future = Guid.CreateVersion7();
        var account = Account(10);
        foreach (var (id, expiresAt) in new[] { (late, Now.AddHours(2)), (early, Now.AddHours(1)), (future, Now.AddHours(2).AddTicks(10)) })
            account = Written(account, Reserve(id, 1, expiresAt)).After;

        Assert.Equal([early, late], account.DueHolds(Now.AddHours(2)).Select(hold => hold.HoldId));
    }

    [Fact]
    public void Reserve_TimeAlreadyOver_IsRefused() =>
        Assert.Equal(new CreditResult.InvalidExpiry(Now), Refusal(Account(10), Reserve(Hold, 1, Now)));

    [Fact]
    public void Reserve_AtTheLimitOfOpenHolds_IsRefused()
    {
        var limits = new CreditLimits(OpenHolds: 1, ExpiringGrants: 0);

        Assert.IsType<CreditDecision.Write>(Account(10).Decide(Reserve(Hold, 1), ended: null, limits, Now));
        Assert.Equal(new CreditResult.LimitReached(1), Refusal(Account(10, hold: 4), Reserve(Guid.CreateVersion7(), 1), limits: limits));
    }

    [Fact]
    public void Grant_AtTheLimitOfGrantsThatLapse_IsRefusedAndOneWithoutAnEndIsNot()
    {
        var limits = new CreditLimits(OpenHolds: 1, ExpiringGrants: 1);
        var account = Written(Account(10), Grant(5, Now.AddDays(1))).After;

        Assert.Equal(new CreditResult.LimitReached(1), Refusal(account, Grant(5, Now.AddDays(2)), limits: limits));
        Assert.IsType<CreditDecision.Write>(account.Decide(Grant(5), ended: null, limits, Now));
    }

    [Fact]
    public void Grant_TimeAlreadyOver_IsRefused() =>
        Assert.Equal(new CreditResult.InvalidExpiry(Now), Refusal(Account(10), Grant(5, Now)));

    [Fact]
    public void Extend_ToALaterEnd_ChangesTheEndAndNothingElse()
    {
        var later = Now.AddDays(2);
        var written = Written(Account(10, hold: 4), Extend(Hold, later));

        Assert.Equal(later, written.After.OpenHolds[Hold].Hold.ExpiresAt);
        Assert.Equal(new CreditBalance(6, 4), written.After.Balance);
        Assert.Equal((0, later), (written.Entry.Amount, written.Entry.ExpiresAt));
    }

    [Fact]
    public void Extend_NotLaterThanTheEndThatStands_IsRefused() =>
        Assert.Equal(new CreditResult.InvalidExpiry(Now.AddDays(1)), Refusal(Account(10, hold: 4), Extend(Hold, Now.AddDays(1))));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 3)]
    [InlineData(null, 3)]
    public void Refund_OfWhatIsLeftOfTheSettlement_IsWritten(int? amount, long refunded)
    {
        var written = Written(Account(10), Refund(Hold, amount), Settled(amount: 4, refunded: 1));

        Assert.Equal(new CreditBalance(10 + refunded, 0), written.After.Balance);
        Assert.Equal((refunded, "ada"), (written.Entry.Amount, written.Entry.Actor));
        Assert.Equal(1 + refunded, written.Ended!.Refunded);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Refund_MoreThanIsLeftOrNothing_IsRefused(long amount) =>
        Assert.Equal(new CreditResult.InvalidAmount(amount), Refusal(Account(10), Refund(Hold, amount), Settled(amount: 4, refunded: 1)));

    [Fact]
    public void Refund_OfAllWhenNothingIsLeft_IsRefused() =>
        Assert.Equal(new CreditResult.InvalidAmount(0), Refusal(Account(10), Refund(Hold, amount: null), Settled(amount: 4, refunded: 4)));

    [Theory]
    [InlineData(CreditHoldState.Released)]
    [InlineData(CreditHoldState.Expired)]
    public void Refund_OfAHoldThatSpentNothing_IsRefused(CreditHoldState state)
    {
        var ended = new CreditHold(Hold, 4, state, Now);

        Assert.Equal(
            new CreditResult.HoldNotSettled(ended), Refusal(Account(10), Refund(Hold, 1), new EndedHold(ended, Settled: 0, Refunded: 0)));
    }

    [Fact]
    public void Refund_OfAnOpenHold_IsRefused() => Assert.IsType<CreditResult.HoldNotSettled>(Refusal(Account(10, hold: 4), Refund(Hold, 1)));

    [Theory]
    [InlineData(5, 15)]
    [InlineData(-10, 0)]
    public void Adjust_WithinTheAccount_IsWrittenWithItsActor(long amount, long available)
    {
        var written = Written(Account(10), Adjust(amount));

        Assert.Equal(available, written.After.Available);
        Assert.Equal((amount, "ada"), (written.Entry.Amount, written.Entry.Actor));
    }

    [Fact]
    public void Adjust_BelowZero_IsRefused() =>
        Assert.Equal(new CreditResult.InsufficientCredits(11, 10), Refusal(Account(10), Adjust(-11)));

    [Theory]
    [InlineData(0)]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Adjust_NothingOrMoreThanAnyAccountCarries_IsRefused(long amount) =>
        Assert.Equal(new CreditResult.InvalidAmount(amount), Refusal(Account(10), Adjust(amount)));

    [Fact]
    public void Grants_ThatLapseFirst_AreSpentFirst()
    {
        var (soon, late) = (Grant(3, Now.AddDays(1)), Grant(3, Now.AddDays(2)));
        var account = new[] { late, soon }.Aggregate(Account(10), (before, grant) => Written(before, grant).After);

        var written = Written(account, Reserve(Hold, 4));

        Assert.Equal([new ExpiringGrant(late.OpId, 2, Now.AddDays(2))], written.After.Grants);
        Assert.Equal([new GrantShare(soon.OpId, 3, Now.AddDays(1)), new GrantShare(late.OpId, 1, Now.AddDays(2))], written.Hold!.Shares);
        Assert.Equal([(late.OpId, 2L), (soon.OpId, 0L)], written.Grants.Select(grant => (grant.GrantId, grant.Remaining)));
    }

    [Fact]
    public void Release_ReturnsCreditsToTheGrantsTheyCameFrom()
    {
        var grant = Grant(3, Now.AddDays(1));
        var reserved = Written(Written(Account(10), grant).After, Reserve(Hold, 4)).After;

        Assert.Equal([new ExpiringGrant(grant.OpId, 3, Now.AddDays(1))], Written(reserved, Release(Hold)).After.Grants);
        Assert.Equal([new ExpiringGrant(grant.OpId, 1, Now.AddDays(1))], Written(reserved, Settle(Hold, 2)).After.Grants);
        Assert.Empty(Written(reserved, Settle(Hold, 3)).After.Grants);
    }

    private static EndedHold Settled(long amount, long refunded) =>
        new(new CreditHold(Hold, amount, CreditHoldState.Settled, Now), amount, refunded);

    private static CreditAccount Account(long credits, long hold = 0)
    {
        var account = Written(CreditAccount.Empty, Grant(credits)).After;
        return hold == 0 ? account : Written(account, Reserve(Hold, hold)).After;
    }

    private static CreditDecision.Write Written(CreditAccount account, CreditOperation operation, EndedHold? ended = null) =>
        Assert.IsType<CreditDecision.Write>(account.Decide(operation, ended, CreditLimits.None, Now));

    private static CreditResult Refusal(CreditAccount account, CreditOperation operation, EndedHold? ended = null, CreditLimits? limits = null) =>
        Assert.IsType<CreditDecision.Refuse>(account.Decide(operation, ended, limits ?? CreditLimits.None, Now)).Result;
}
