using AX2Caption.Api.Credits;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Tests.Credits;

public sealed class CreditErrorsTests
{
    private static readonly DateTimeOffset Time = new(2026, 11, 25, 9, 30, 0, TimeSpan.Zero);
    private static readonly CreditHold Released = new(Guid.CreateVersion7(), 5, CreditHoldState.Released, Time);

    public static TheoryData<CreditResult, string> Refusals => new()
    {
        { new CreditResult.InsufficientCredits(5, 3), "insufficient_credits required=5 available=3" },
        { new CreditResult.Conflict(Guid.CreateVersion7()), "idempotency_key_reused" },
        { new CreditResult.HoldNotFound(Guid.CreateVersion7()), "job_not_found" },
        { new CreditResult.HoldNotOpen(Released), "job_not_settled holdState=released" },
        { new CreditResult.HoldNotSettled(Released with { State = CreditHoldState.Open }), "job_not_settled holdState=open" },
        { new CreditResult.InvalidAmount(5), "invalid_amount" },
        { new CreditResult.AccountNotFound(), "account_not_found" },
        { new CreditResult.AccountMoved(Guid.Empty), "account_moved movedTo=00000000-0000-0000-0000-000000000000" },
        { new CreditResult.InvalidExpiry(Time), "invalid_expiry" },
        { new CreditResult.LimitReached(7), "too_many_grants limit=7" },
        { new CreditResult.Busy(), "too_many_requests after 1 s" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Of_ARefusal_IsItsError(CreditResult refusal, string expected)
    {
        var answer = CreditErrors.Of(refusal);

        var members = string.Concat(answer.Members.Select(member => $" {member.Name}={member.Value}"));
        var wait = answer.RetryAfter is { } after ? $" after {after.TotalSeconds} s" : "";
        Assert.Equal(expected, $"{answer.Error.Code}{members}{wait}");
        Assert.NotEmpty(answer.Detail);
    }

    [Fact]
    public void Of_EveryRefusalThereIs_IsKnown() => Assert.Equal(
        typeof(CreditResult).GetNestedTypes().Where(type => type != typeof(CreditResult.Applied)).Select(type => type.Name).Order(),
        Refusals.Select(row => row.Data.Item1.GetType().Name).Distinct().Order());

    [Fact]
    public void Of_Success_IsAFault() => Assert.Throws<InvalidOperationException>(() => CreditErrors.Of(new CreditResult.Applied(null!, null)));
}
