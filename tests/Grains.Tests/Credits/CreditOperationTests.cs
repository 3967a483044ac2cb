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
    public void Of_ReasonTooLong_IsCut() =>
        Assert.Equal(
            CreditOperation.MaximumReasonLength,
            CreditOperation.Of(new GrantCredits(Guid.CreateVersion7(), 1, new string('x', 1000))).Reason.Length);
}
