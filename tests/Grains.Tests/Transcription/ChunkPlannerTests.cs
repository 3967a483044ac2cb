using AX2Caption.Grains.Transcription;
using CsCheck;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class ChunkPlannerTests
{
    private const byte Quiet = 20;
    private const byte Loud = 70;

    private static readonly ChunkOptions Options = new();

    // Stretches of a level, as speech, pauses, music and noise make them; up to some four minutes.
    private static readonly Gen<LoudnessCurve> Audio =
        from stretches in Gen.Select(Gen.Byte[0, 96], Gen.Int[1, 1500], Gen.Int[0, 12]).Array[0, 30]
        from missing in Gen.Int[0, 9]
        let levels = stretches
            .SelectMany(s => Enumerable.Range(0, s.Item2).Select(i => (byte)Math.Min(96, s.Item1 + (i * 7 % (s.Item3 + 1))))).ToArray()
        select new LoudnessCurve(levels, levels.Length == 0 ? TimeSpan.Zero : (levels.Length * LoudnessCurve.Frame) - TimeSpan.FromMilliseconds(missing));

    private static readonly Gen<ChunkOptions> AnyOptions =
        from target in Gen.Int[200, 4000]
        from more in Gen.Int[0, 4000]
        from silence in Gen.Int[1, 100]
        select new ChunkOptions
        {
            Target = target * LoudnessCurve.Frame,
            Max = (target + more) * LoudnessCurve.Frame,
            MinSilence = silence * LoudnessCurve.Frame,
        };

    [Fact]
    public void Plan_AnyAudio_IsCoveredExactlyByChunksWithinTheLimits() =>
        Gen.Select(Audio, AnyOptions).Sample((audio, options) =>
        {
            var chunks = ChunkPlanner.Plan(audio, options);

            var end = TimeSpan.Zero;
            for (var i = 0; i < chunks.Count; i++)
            {
                Assert.Equal((i, end), (chunks[i].Ordinal, chunks[i].Start));
                Assert.InRange(chunks[i].End - chunks[i].Start, TimeSpan.FromTicks(1), options.Max);
                if (chunks.Count > 1)
                    Assert.True(chunks[i].End - chunks[i].Start >= (options.Target / 2) - (2 * LoudnessCurve.Frame));
                end = chunks[i].End;
            }

            Assert.Equal(audio.Duration, end);
        });

    [Fact]
    public void Plan_TheSameAudio_GivesTheSameChunks() =>
        Audio.Sample(audio => Assert.Equal(ChunkPlanner.Plan(audio, Options), ChunkPlanner.Plan(audio, Options)));

    [Fact]
    public void Plan_AChunkWithoutSpeech_HasNoTenLoudFrames() =>
        Audio.Sample(audio =>
        {
            foreach (var chunk in ChunkPlanner.Plan(audio, Options).Where(chunk => !chunk.HasSpeech))
            {
                var levels = audio.Levels[(int)(chunk.Start / LoudnessCurve.Frame)..(int)Math.Ceiling(chunk.End / LoudnessCurve.Frame)];
                Assert.True(levels.ToArray().Count(level => level >= 36) < 10);
            }
        });

    [Fact]
    public void Plan_NoAudio_HasNoChunks() => Assert.Empty(ChunkPlanner.Plan(Curve(), Options));

    [Fact]
    public void Plan_AudioOfTheMaximum_IsOneChunk()
    {
        var chunk = Assert.Single(ChunkPlanner.Plan(Curve((Loud, 6000)), Options));

        Assert.Equal(new Chunk(0, TimeSpan.Zero, TimeSpan.FromSeconds(60), HasSpeech: true), chunk);
    }

    [Fact]
    public void Plan_WhatIsLeftInTheEnd_IsCutInASilenceOnceItIsHalfMoreThanTheTarget()
    {
        Assert.Equal([30.25, 75.25], Ends((Loud, 3000), (Quiet, 50), (Loud, 1475), (Quiet, 50), (Loud, 2950)));
        Assert.Equal([30.25, 45.5, 75.26], Ends((Loud, 3000), (Quiet, 50), (Loud, 1475), (Quiet, 50), (Loud, 2951)));

        static IEnumerable<double> Ends(params (byte, int)[] stretches) => ChunkPlanner.Plan(Curve(stretches), Options).Select(chunk => chunk.End.TotalSeconds);
    }

    [Fact]
    public void Plan_OneFrameMoreThanTheMaximum_IsTwoChunks() => Assert.Equal(2, ChunkPlanner.Plan(Curve((Loud, 6001)), Options).Count);

    [Fact]
    public void Plan_ASilence_IsCutInItsMiddle()
    {
        var chunks = ChunkPlanner.Plan(Curve((Loud, 3300), (Quiet, 60), (Loud, 3000)), Options);

        Assert.Equal(TimeSpan.FromSeconds(33.3), chunks[0].End);
        Assert.Equal(2, chunks.Count);
    }

    [Fact]
    public void Plan_ALongPauseALittleFarther_IsPreferredToAShortOne()
    {
        var chunks = ChunkPlanner.Plan(Curve((Loud, 2990), (Quiet, 20), (Loud, 200), (Quiet, 80), (Loud, 4000)), Options);

        Assert.Equal(TimeSpan.FromSeconds(32.5), chunks[0].End);
    }

    [Fact]
    public void Plan_PausesOverBackgroundNoise_AreFoundAboveIt()
    {
        const byte Noise = 50;

        var chunks = ChunkPlanner.Plan(Curve((Loud, 2500), (Noise, 50), (Loud, 4000)), Options);

        Assert.Equal(TimeSpan.FromSeconds(25.25), chunks[0].End);
    }

    [Fact]
    public void Plan_NoSilence_IsCutAtTheQuietestFrame()
    {
        var chunks = ChunkPlanner.Plan(Curve((Loud, 4000), (Loud - 5, 1), (Loud, 3000)), Options);

        Assert.Equal(TimeSpan.FromSeconds(40), chunks[0].End);
    }

    [Fact]
    public void Plan_AlwaysTheSameLevel_IsCutAtTheTarget()
    {
        var chunks = ChunkPlanner.Plan(Curve((Loud, 10_000)), Options);

        Assert.Equal([30, 60, 100], chunks.Select(chunk => chunk.End.TotalSeconds));
    }

    [Fact]
    public void Plan_LongSilence_IsTiledAndMarked()
    {
        var chunks = ChunkPlanner.Plan(Curve((0, 30_000)), Options);

        Assert.All(chunks, chunk => Assert.False(chunk.HasSpeech));
        Assert.Equal(TimeSpan.FromMinutes(5), chunks[^1].End);
    }

    [Fact]
    public void Plan_ACut_KnowsWhetherItWentThroughSpeech()
    {
        Assert.Equal([true, true, false], ChunkPlanner.Plan(Curve((Loud, 10_000)), Options).Select(chunk => chunk.CutsSpeech));
        Assert.Equal([false, false], ChunkPlanner.Plan(Curve((Loud, 3300), (Quiet, 60), (Loud, 3000)), Options).Select(chunk => chunk.CutsSpeech));
    }

    [Fact]
    public void Overlap_AtHardCutsOnly_GivesBothSidesALittleOfTheOther()
    {
        var chunks = ChunkPlanner.Overlap(ChunkPlanner.Plan(Curve((Loud, 10_000)), Options), Options);

        Assert.Equal([(0, 31.5), (28.5, 61.5), (58.5, 100)], chunks.Select(chunk => (chunk.Start.TotalSeconds, chunk.End.TotalSeconds)));
        var inSilence = ChunkPlanner.Plan(Curve((Loud, 3300), (Quiet, 60), (Loud, 3000)), Options);
        Assert.Equal(inSilence, ChunkPlanner.Overlap(inSilence, Options));
    }

    [Theory]
    [InlineData(30, 1.5, 1.5)]
    [InlineData(30, 10, 7.5)]
    // Half of this target is 779 frames: a chunk as short as that has no room for twice 3.8975 seconds.
    [InlineData(15.59, 10, 3.89)]
    public void EffectiveOverlap_IsAQuarterOfTheTargetInWholeFramesAtMost(double target, double overlap, double taken) => Assert.Equal(
        TimeSpan.FromSeconds(taken),
        new ChunkOptions { Target = TimeSpan.FromSeconds(target), Overlap = TimeSpan.FromSeconds(overlap) }.EffectiveOverlap);

    [Fact]
    public void Overlap_AnyAudioAndAnyOptions_StaysInTheAudioAndBetweenNeighbours() =>
        Gen.Select(Audio, AnyOptions, Gen.Int[0, 10_000]).Sample((audio, options, overlap) =>
        {
            options.Overlap = TimeSpan.FromMilliseconds(overlap);
            var chunks = ChunkPlanner.Overlap(ChunkPlanner.Plan(audio, options), options);

            for (var i = 0; i < chunks.Count; i++)
            {
                Assert.True(chunks[i].Start >= TimeSpan.Zero && chunks[i].End <= audio.Duration);
                if (i > 0)
                    Assert.True(chunks[i].Start <= chunks[i - 1].End && chunks[i].End > chunks[i - 1].End);
                if (i > 1)
                    Assert.True(chunks[i].Start >= chunks[i - 2].End);
            }
        });

    private static LoudnessCurve Curve(params (byte Level, int Frames)[] stretches)
    {
        var levels = stretches.SelectMany(stretch => Enumerable.Repeat(stretch.Level, stretch.Frames)).ToArray();
        return new LoudnessCurve(levels, levels.Length * LoudnessCurve.Frame);
    }
}
