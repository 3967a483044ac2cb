using AX2Caption.Grains.Sessions;
using CsCheck;

namespace AX2Caption.Grains.Tests.Sessions;

public sealed class SignInThrottleTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SignInOptions Options = new();
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public void Wait_NothingFailed_IsNone() => Assert.Equal(TimeSpan.Zero, SignInThrottle.None.WaitAt(Now, Options));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(5, 0)]
    [InlineData(6, 1)]
    [InlineData(7, 2)]
    [InlineData(8, 4)]
    [InlineData(15, 512)]
    [InlineData(16, 900)]
    [InlineData(17, 900)]
    [InlineData(100, 900)]
    [InlineData(int.MaxValue, 900)]
    public void Wait_RightAfterTheFailure_IsNoneForTheFreeOnesThenDoublesUpToTheCap(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), new SignInThrottle(failures, Now).WaitAt(Now, Options));

    [Fact]
    public void Wait_IsOverAtItsEndAndNotBefore()
    {
        var throttle = new SignInThrottle(8, Now);

        Assert.Equal(TimeSpan.FromSeconds(1), throttle.WaitAt(Now.AddSeconds(3), Options));
        Assert.Equal(Tick, throttle.WaitAt(Now.AddSeconds(4) - Tick, Options));
        Assert.Equal(TimeSpan.Zero, throttle.WaitAt(Now.AddSeconds(4), Options));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 4)]
    public void Wait_AsManyFreeAsConfigured_BeginsAfterThem(int free, int first)
    {
        var options = new SignInOptions { FreeFailures = free, FirstDelay = TimeSpan.FromSeconds(first) };

        Assert.Equal(TimeSpan.Zero, new SignInThrottle(free, Now).WaitAt(Now, options));
        Assert.Equal(TimeSpan.FromSeconds(first), new SignInThrottle(free + 1, Now).WaitAt(Now, options));
    }

    [Fact]
    public void Failed_CountsOn() => Assert.Equal(new SignInThrottle(3, Now), new SignInThrottle(2, Now.AddHours(-1)).Failed(Now, Options));

    [Fact]
    public void Failed_AtTheEdgeOfForgetting_CountsOnBeforeItAndAnewFromItOn()
    {
        var throttle = new SignInThrottle(50, Now);
        var forgotten = Now + Options.ForgetAfter;

        Assert.Equal(51, throttle.Failed(forgotten - Tick, Options).Failures);
        Assert.Equal(new SignInThrottle(1, forgotten), throttle.Failed(forgotten, Options));
        Assert.Equal(TimeSpan.Zero, throttle.WaitAt(forgotten, Options));
    }

    [Fact]
    public void Wait_WhateverIsConfigured_IsNeverNegativeNorBeyondTheCap() => Gen.Select(
        Gen.Int[0, int.MaxValue], Gen.Long[-TimeSpan.TicksPerDay, 40 * TimeSpan.TicksPerDay], Gen.Int[1, 100], Gen.Int[1, 3_600], Gen.Int[1, 86_400])
        .Sample((failures, later, free, first, cap) =>
        {
            var options = new SignInOptions
            {
                FreeFailures = free,
                FirstDelay = TimeSpan.FromSeconds(first),
                MaximumDelay = TimeSpan.FromSeconds(cap),
            };
            var now = Now.AddTicks(later);
            var wait = new SignInThrottle(failures, Now).WaitAt(now, options);
            Assert.InRange(wait, TimeSpan.Zero, TimeSpan.FromSeconds(cap) + (later < 0 ? Now - now : TimeSpan.Zero));
        });
}
