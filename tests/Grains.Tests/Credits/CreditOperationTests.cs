using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using static AX2Caption.Grains.Tests.Credits.Operations;

namespace AX2Caption.Grains.Tests.Credits;

public sealed class CreditOperationTests
{
    private static readonly Guid Hold = Guid.CreateVersion7();

    [Fact]
    public void RequestHash_SameRequestMadeAnew_IsTheSame() =>
        Assert.Equal(
            Reserve(Hold, 5, Now).RequestHash(),
            (Reserve(Hold, 5, Now.AddMinutes(1)) with { Reason = "Said otherwise." }).RequestHash());

    [Fact]
    public void RequestHash_OtherKindHoldOrAmount_Differs()
    {
        CreditOperation[] different =
            [Grant(5), Grant(6), Reserve(Hold, 5), Reserve(Hold, 6), Reserve(Guid.CreateVersion7(), 5), Settle(Hold, 5), Settle(Hold, 0), Release(Hold)];

        Assert.Equal(different.Length, different.Select(operation => Convert.ToHexString(operation.RequestHash())).Distinct().Count());
    }

    [Fact]
    public void Of_TimeFinerThanTheLedgers_IsCutToMicrosecondsInUtc()
    {
        var time = new DateTimeOffset(2026, 3, 1, 21, 0, 0, TimeSpan.FromHours(9)).AddTicks(1_234_567);
        var operation = CreditOperation.Of(new ReserveCredits(Guid.CreateVersion7(), Hold, 1, time, "A test."));

        Assert.Equal(Now.AddTicks(1_234_560), operation.ExpiresAt);
        Assert.Equal(TimeSpan.Zero, operation.ExpiresAt!.Value.Offset);
    }

    [Fact]
    public void Of_ReasonCutBetweenTheHalvesOfACharacter_LosesBoth() =>
        Assert.Equal(
            new string('x', CreditOperation.MaximumReasonLength - 1),
            CreditOperation.Of(new GrantCredits(Guid.CreateVersion7(), 1, new string('x', CreditOperation.MaximumReasonLength - 1) + "\U0001F600")).Reason);

    [Fact]
    public void RequestHash_OfGrantsThatDifferInSourceOrEnd_Differs()
    {
        var id = Guid.CreateVersion7();
        GrantCredits[] grants =
        [
            new(id, 5, "A test."), new(id, 5, "A test.", GrantSource.Purchase), new(id, 5, "A test.", ExpiresAt: Now),
            new(id, 5, "A test.", ExpiresAt: Now.AddDays(1)),
        ];

        Assert.Equal(grants.Length, grants.Select(grant => Convert.ToHexString(CreditOperation.Of(grant).RequestHash())).Distinct().Count());
    }

    [Fact]
    public void RequestHash_OfARefundOfAll_DiffersFromThatOfAnyAmount() =>
        Assert.NotEqual(Refund(Hold, amount: null).RequestHash(), Refund(Hold, amount: 0).RequestHash());

    [Fact]
    public void RequestHash_OfAnOperationOfTheFirstRelease_IsWhatItWas() =>
        Assert.Equal(
            "C55B18CB11",
            Convert.ToHexString(CreditOperation.Of(new GrantCredits(Guid.Empty, 30, "Welcome, guest.")).RequestHash())[..10]);

    [Fact]
    public void Of_ReasonTooLong_IsCut() =>
        Assert.Equal(
            CreditOperation.MaximumReasonLength,
            CreditOperation.Of(new GrantCredits(Guid.CreateVersion7(), 1, new string('x', 1000))).Reason.Length);
}
