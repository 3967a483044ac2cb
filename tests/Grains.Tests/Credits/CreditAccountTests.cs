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

        foreach (var operation in (CreditOperation[])[Reserve(Hold, 1), Settle(Hold, 1), Release(Hold), Expire(Hold)])
            Assert.Equal(new CreditResult.HoldNotOpen(ended), Refusal(Account(10), operation, ended));
    }

    [Fact]
    public void EndingOperation_OnUnknownHold_IsRefused()
    {
        foreach (var operation in (CreditOperation[])[Settle(Hold, 1), Release(Hold), Expire(Hold)])
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
        Assert.Equal(CreditHoldState.Settled, written.Hold!.State);
    }

    [Theory]
    [InlineData(CreditEntryKind.Release, CreditHoldState.Released)]
    [InlineData(CreditEntryKind.Expire, CreditHoldState.Expired)]
    public void ReleaseOrExpire_ReturnsTheWholeHold(CreditEntryKind kind, CreditHoldState state)
    {
        var written = Written(Account(10, hold: 4), kind == CreditEntryKind.Release ? Release(Hold) : Expire(Hold));

        Assert.Equal(new CreditBalance(10, 0), written.After.Balance);
        Assert.Equal(4, written.Entry.Amount);
        Assert.Equal(state, written.Hold!.State);
        Assert.Empty(written.After.OpenHolds);
    }

    [Fact]
    public void DueHolds_AreThoseWhoseTimeHasCome_EarliestFirst()
    {
        Guid late = Guid.CreateVersion7(), early = Guid.CreateVersion7(), future = Guid.CreateVersion7();
        var account = Account(10);
        foreach (var (id, expiresAt) in new[] { (late, Now), (early, Now.AddSeconds(-1)), (future, Now.AddTicks(10)) })
            account = Written(account, Reserve(id, 1, expiresAt)).After;

        Assert.Equal([early, late], account.DueHolds(Now).Select(hold => hold.HoldId));
    }

    private static CreditAccount Account(long credits, long hold = 0)
    {
        var account = Written(CreditAccount.Empty, Grant(credits)).After;
        return hold == 0 ? account : Written(account, Reserve(Hold, hold)).After;
    }

    private static CreditDecision.Write Written(CreditAccount account, CreditOperation operation) =>
        Assert.IsType<CreditDecision.Write>(account.Decide(operation, endedHold: null, Now));

    private static CreditResult Refusal(CreditAccount account, CreditOperation operation, CreditHold? endedHold = null) =>
        Assert.IsType<CreditDecision.Refuse>(account.Decide(operation, endedHold, Now)).Result;
}
