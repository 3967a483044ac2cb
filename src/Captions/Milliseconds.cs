namespace AX2Caption.Captions;

internal static class Milliseconds
{
    /// <summary>The nearest whole millisecond, halves away from zero.</summary>
    public static long Round(TimeSpan time)
    {
        var (whole, rest) = Math.DivRem(time.Ticks, TimeSpan.TicksPerMillisecond);
        const long half = TimeSpan.TicksPerMillisecond / 2;
        return rest >= half ? whole + 1 : rest <= -half ? whole - 1 : whole;
    }
}
