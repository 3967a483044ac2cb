namespace AX2Caption.Captions.Tests.Layout;

public sealed class OutTimeTests
{
    private const long MediaEnd = 100_000;

    [Theory]
    [InlineData(2000, 1000, 2000, "speech long enough: the cue ends with it")]
    [InlineData(2000, 2300, 2300, "reading takes longer: the cue lingers")]
    [InlineData(2000, 9000, 2500, "it lingers half a second at most")]
    [InlineData(400, 100, 833, "the minimum duration is reached")]
    [InlineData(100, 100, 600, "the minimum duration is out of the linger's reach")]
    public void LastCue_ByItsNeeds_LingersAfterTheSpeech(long speechEnd, long readingTime, long expected, string because) =>
        Assert.True(expected == Of(speechEnd, null, readingTime), because);

    [Fact]
    public void LastCue_AtTheEndOfTheMedia_StopsThere() =>
        Assert.Equal(700, Of(600, null, 5000, mediaEnd: 700));

    [Theory]
    [InlineData(2000, 2000, 1917, "without a pause the gap is taken from the speech")]
    [InlineData(2000, 2499, 2416, "a pause under twelve frames closes to two")]
    [InlineData(2000, 2500, 2000, "a pause of twelve frames stays")]
    [InlineData(100, 120, 60, "the gap never takes more than half of the time")]
    [InlineData(1, 1, 1, "one millisecond is left as it is")]
    public void Cue_BeforeTheNext_KeepsTheGap(long speechEnd, long nextStart, long expected, string because) =>
        Assert.True(expected == Of(speechEnd, nextStart, readingTime: 0), because);

    [Theory]
    [InlineData(2000, 2570, 9000, 2487, "what can be closed is closed")]
    [InlineData(2000, 2800, 9000, 2300, "what cannot is left twelve frames open rather than flickering")]
    [InlineData(200, 900, 100, 700, "but the minimum duration comes first, as far as the linger reaches")]
    [InlineData(400, 1000, 100, 833, "and is given when it can be had")]
    public void Cue_LingeringTowardsTheNext_DoesNotFlicker(long speechEnd, long nextStart, long readingTime, long expected, string because) =>
        Assert.True(expected == Of(speechEnd, nextStart, readingTime), because);

    [Fact]
    public void Cue_SpokenForLongerThanTheMaximum_IsCutThere() =>
        Assert.Equal(7000, Of(12_000, 13_000, 100));

    private static long Of(long speechEnd, long? nextStart, long readingTime, long mediaEnd = MediaEnd) =>
        OutTime.Of(LayoutProfiles.NetflixEnglish, 0, speechEnd, nextStart, mediaEnd, minDuration: 833, readingTime);
}
