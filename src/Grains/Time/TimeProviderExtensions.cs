namespace AX2Caption.Grains.Time;

internal static class TimeProviderExtensions
{
    /// <summary>The time in UTC, cut to the microseconds that PostgreSQL keeps, so that a value reads back as it was written.</summary>
    public static DateTimeOffset UtcNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
