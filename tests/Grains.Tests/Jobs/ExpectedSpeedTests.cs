using AX2Caption.Grains.Jobs;
using Microsoft.Extensions.Options;
using static AX2Caption.Grains.Tests.Jobs.AnyJob;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class ExpectedSpeedTests
{
    private readonly ExpectedSpeed speed = new(Options.Create(new JobOptions { ExpectedSpeed = 4 }));

    [Fact]
    public void Of_ALanguageThatNobodySaw_IsTheConfiguredOne() => Assert.Equal(4, speed.Of("en"));

    [Fact]
    public void Note_AJobWhoseLastChunkIsDone_TeachesItsLanguageAndSlowlyForgets()
    {
        speed.Note(Transcribed(seconds: 6));
        Assert.Equal((10, 4), (speed.Of("EN"), speed.Of("ko")));

        speed.Note(Transcribed(seconds: 3));
        Assert.Equal(13, speed.Of("en"), 6);
    }

    [Fact]
    public void Note_AJobThatGoesOnOrDidNotChange_TeachesNothing()
    {
        var begun = Queued.Started(Now)!.Prepared([TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)], Now)!;

        Assert.Null(speed.Note(null));
        Assert.NotNull(speed.Note(begun.ChunkTranscribed(TimeSpan.FromMinutes(1), Now.AddSeconds(1))));
        speed.Note(Transcribed(seconds: 0));

        Assert.Equal(4, speed.Of("en"));
    }

    private static CaptionJob Transcribed(int seconds) =>
        Queued.Started(Now)!.Prepared([TimeSpan.FromMinutes(1)], Now)!.ChunkTranscribed(TimeSpan.FromMinutes(1), Now.AddSeconds(seconds))!;
}
