namespace AX2Caption.Grains.Time;

internal static class TimeProviderExtensions
{
    /// <summary>The time in UTC, cut to the microseconds that PostgreSQL keeps, so that a value reads back as it was written.</summary>
    public static DateTimeOffset UtcNow(this TimeProvider time) => time.GetUtcNow().ToMicroseconds();

    /// <summary>The same moment, cut to microseconds.</summary>
    public static DateTimeOffset ToMicroseconds(this DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
}
