using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Work;

public sealed class RetryPolicyTests
{
    private static readonly RetryPolicy Policy = new(Options.Create(new WorkOptions()));
    private static readonly Failure Reason = new("engine_failed", "The engine stumbled.");
    private static readonly TaskFailure Passing = new(Reason, Retryable: true);
    private static readonly TaskFailure Outage = new(Reason, Retryable: true, IsOutage: true);

    [Theory]
    [InlineData(1, 2.0)]
    [InlineData(2, 4.0)]
    public void PauseAfter_RetryableFailure_DoublesGiveOrTakeAQuarter(int attempt, double seconds)
    {
        var pauses = Pauses(attempt, Passing);

        Assert.InRange(pauses.Min(pause => pause.Delay.TotalSeconds), 0.75 * seconds, 0.8 * seconds);
        Assert.InRange(pauses.Max(pause => pause.Delay.TotalSeconds), 1.2 * seconds, 1.25 * seconds);
        Assert.All(pauses, pause => Assert.Equal((TimeSpan.Zero, null), (pause.AtLeast, pause.GrowsTo)));
    }

    [Fact]
    public void PauseAfter_LastAttempt_IsNone() => Assert.Null(Pause(attempt: 3, Passing));

    [Fact]
    public void PauseAfter_FinalFailure_IsNone()
    {
        Assert.Null(Pause(attempt: 1, Passing with { Retryable = false }));
        Assert.Null(Pause(attempt: 1, Outage with { Retryable = false }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void PauseAfter_AnOutage_IsThereWhateverTheAttemptAndGrowsFromTheFirstDelayToTheLongest(int attempt)
    {
        var pauses = Pauses(attempt, Outage);

        Assert.InRange(pauses.Min(pause => pause.Delay.TotalSeconds), 0.75 * 5, 0.8 * 5);
        Assert.InRange(pauses.Max(pause => pause.Delay.TotalSeconds), 1.2 * 5, 1.25 * 5);
        Assert.InRange(pauses.Min(pause => pause.GrowsTo!.Value.TotalMinutes), 0.75 * 10, 0.8 * 10);
        Assert.InRange(pauses.Max(pause => pause.GrowsTo!.Value.TotalMinutes), 1.2 * 10, 1.25 * 10);
        Assert.All(pauses, pause => Assert.Equal(TimeSpan.Zero, pause.AtLeast));
    }

    [Theory]
    [InlineData(30, 30)]
    [InlineData(600, 600)]
    [InlineData(31_536_000, 600)]
    public void PauseAfter_SomebodySaidHowLong_IsThatOrUpToAQuarterMoreWithinTheLongest(double asked, double seconds)
    {
        foreach (var failure in (TaskFailure[])[Passing, Outage])
        {
            var pauses = Pauses(attempt: 1, failure with { RetryAfter = TimeSpan.FromSeconds(asked) });

            Assert.InRange(pauses.Min(pause => pause.AtLeast.TotalSeconds), seconds, 1.05 * seconds);
            Assert.InRange(pauses.Max(pause => pause.AtLeast.TotalSeconds), 1.2 * seconds, 1.25 * seconds);
        }
    }

    [Fact]
    public void PauseAfter_SomebodySaidATimeThatIsOver_AsksForNothing() =>
        Assert.Equal(TimeSpan.Zero, Pause(attempt: 1, Outage with { RetryAfter = TimeSpan.FromDays(-1) })!.AtLeast);

    private static List<TaskPause> Pauses(int attempt, TaskFailure failure) => [.. Enumerable.Range(0, 1000).Select(_ => Pause(attempt, failure)!)];

    private static TaskPause? Pause(int attempt, TaskFailure failure) =>
        Policy.PauseAfter(new TaskLease(Guid.CreateVersion7(), attempt, Guid.CreateVersion7()), failure);
}
