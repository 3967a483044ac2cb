namespace AX2Caption.Grains.Work;

internal static class Jitter
{
    /// <summary>The interval plus or minus a quarter, so that many who wait do not come at once.</summary>
    public static TimeSpan Jittered(this TimeSpan interval) => interval * (0.75 + (Random.Shared.NextDouble() / 2));
}
