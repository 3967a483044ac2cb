using AX2Caption.Grains.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

public sealed class DeliveryScheduleTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly WebhookOptions options = new();

    [Theory]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(3, 20)]
    [InlineData(8, 640)]
    [InlineData(12, 10_240)]
    [InlineData(13, 14_400)]
    [InlineData(1_000, 14_400)]
    public void Next_DoublesUpToTheLongestWait_WithJitter(int tries, double seconds)
    {
        var waits = Enumerable.Range(0, 100).Select(_ => Wait(tries)).ToList();

        Assert.All(waits, wait => Assert.InRange(wait, TimeSpan.FromSeconds(seconds * 0.75), TimeSpan.FromSeconds(seconds * 1.25)));
        Assert.True(waits.Distinct().Count() > 50);
    }

    [Theory]
    [InlineData(60, 60)]
    [InlineData(100_000, 14_400)]
    public void Next_TheEndpointWantsToBeLeftAlone_WaitsAsLongWithinBounds(double wished, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Wait(1, TimeSpan.FromSeconds(wished)));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1_000)]
    public void Next_TheEndpointWantsItSooner_IsNotHurried(double wished) =>
        Assert.InRange(Wait(1, TimeSpan.FromSeconds(wished)), TimeSpan.FromSeconds(3.75), TimeSpan.FromSeconds(6.25));

    [Fact]
    public void Next_NearTheEnd_IsTheEndItself_AndAfterItThereIsNone()
    {
        var end = Start + options.GiveUpAfter;

        Assert.Equal(end, DeliverySchedule.Next(20, Start, null, end.AddSeconds(-1), options));
        Assert.Null(DeliverySchedule.Next(20, Start, null, end, options));
    }

    [Fact]
    public void Next_UntilTheEnd_MakesNoMoreAttemptsThanAreKept()
    {
        var (tries, now) = (0, Start);
        while (DeliverySchedule.Next(++tries, Start, null, now, options) is { } next)
            now = next;

        Assert.Equal(Start + options.GiveUpAfter, now);
        Assert.InRange(tries, 14, 24);
    }

    private TimeSpan Wait(int tries, TimeSpan? retryAfter = null) => DeliverySchedule.Next(tries, Start, retryAfter, Start, options)!.Value - Start;
}
