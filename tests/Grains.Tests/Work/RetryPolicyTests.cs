using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Work;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(Options.Create(new WorkOptions()));
    private static readonly Failure Reason = new("engine_failed", "The engine stumbled.");

    [Theory]
    [InlineData(1, 2.0)]
    [InlineData(2, 4.0)]
    [InlineData(3, null)]
    public void DelayBefore_RetryableFailure_DoublesUntilTheAttemptsAreUsedUp(int attempt, double? seconds) =>
        Assert.Equal(seconds, Delay(attempt, retryable: true)?.TotalSeconds);

    [Fact]
    public void DelayBefore_FinalFailure_IsNone() => Assert.Null(Delay(attempt: 1, retryable: false));

    private static TimeSpan? Delay(int attempt, bool retryable) =>
        Policy.DelayBefore(new TaskLease(Guid.CreateVersion7(), attempt, Guid.CreateVersion7()), new TaskFailure(Reason, retryable));
}
