namespace AX2Caption.Grains.Credits;

/// <summary>What captioning media of some length costs.</summary>
/// <param name="StartedMinutes">At least 1.</param>
/// <param name="PerStartedMinute">Credits for each of them.</param>
internal sealed record JobPrice(long StartedMinutes, long PerStartedMinute)
{
    public long Credits => StartedMinutes * PerStartedMinute;
}
