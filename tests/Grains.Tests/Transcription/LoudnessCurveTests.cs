using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class LoudnessCurveTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Measure_FullScaleSquareWave_Is96()
    {
        var curve = await Measure([.. Enumerable.Repeat(short.MaxValue, 320)]);

        Assert.Equal(new byte[] { 96, 96 }, curve.Levels.ToArray());
    }

    [Fact]
    public async Task Measure_DigitalSilence_IsZero() => Assert.Equal(new byte[] { 0 }, (await Measure(new short[160])).Levels.ToArray());

    [Fact]
    public async Task Measure_ATenthOfFullScale_Is20DecibelsLess() =>
        Assert.Equal(new byte[] { 76 }, (await Measure([.. Enumerable.Repeat((short)3277, 160)])).Levels.ToArray());

    [Fact]
    public async Task Measure_NotWholeFrames_KeepsTheRest()
    {
        var curve = await Measure(new short[161]);

        Assert.Equal(2, curve.Levels.Length);
        Assert.Equal(TimeSpan.FromTicks(161 * 625), curve.Duration);
    }

    [Fact]
    public async Task Measure_Nothing_IsEmpty()
    {
        var curve = await Measure([]);

        Assert.True(curve.Levels.IsEmpty);
        Assert.Equal(TimeSpan.Zero, curve.Duration);
    }

    private static Task<LoudnessCurve> Measure(short[] samples)
    {
        var bytes = new byte[samples.Length * PcmAudio.BytesPerSample];
        Buffer.BlockCopy(samples, 0, bytes, 0, bytes.Length);
        return LoudnessCurve.Measure(new MemoryStream(bytes), Token);
    }
}
