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
    public void DelayBefore_RetryableFailure_DoublesGiveOrTakeAQuarter(int attempt, double seconds)
    {
        var delays = Enumerable.Range(0, 1000).Select(_ => Delay(attempt, retryable: true)!.Value.TotalSeconds).ToList();

        Assert.InRange(delays.Min(), 0.75 * seconds, 0.8 * seconds);
        Assert.InRange(delays.Max(), 1.2 * seconds, 1.25 * seconds);
    }

    [Fact]
    public void DelayBefore_LastAttempt_IsNone() => Assert.Null(Delay(attempt: 3, retryable: true));

    [Fact]
    public void DelayBefore_FinalFailure_IsNone() => Assert.Null(Delay(attempt: 1, retryable: false));

    private static TimeSpan? Delay(int attempt, bool retryable) =>
        Policy.DelayBefore(new TaskLease(Guid.CreateVersion7(), attempt, Guid.CreateVersion7()), new TaskFailure(Reason, retryable));
}
