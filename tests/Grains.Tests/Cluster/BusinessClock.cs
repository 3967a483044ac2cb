using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>
/// The time by which deadlines and expiries are decided. It stands still until a test moves it; timers, which are Orleans' own, go on. It begins
/// so early that no test moves it past the real time: Orleans would take silos that start after that for some that hang in their start.
/// </summary>
public sealed class BusinessClock() : FakeTimeProvider(new DateTimeOffset(2016, 3, 1, 12, 0, 0, TimeSpan.Zero))
{
    public override long TimestampFrequency => System.TimestampFrequency;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime, period);
}
