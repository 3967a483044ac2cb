using AX2Caption.Api.Downloads;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Videos;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Tests.Downloads;

public sealed class VideoDownloadTests
{
    private readonly VideoDownload download = new(null!, null!, Options.Create(new DownloadOptions()), NullLogger<VideoDownload>.Instance);

    public static TheoryData<VideoContentResult, string> Afterwards => new()
    {
        { new VideoContentResult.NotFound(), ErrorTable.VideoNotFound.Code },
        { new VideoContentResult.NotReady(VideoState.Deleted), ErrorTable.VideoNotReady.Code },
        { new VideoContentResult.Found("videos/1/source", 1, [1], "talk.mp4", new MediaSummary(TimeSpan.FromSeconds(1), "mp4", [], 0), default), ErrorTable.InternalError.Code },
    };

    [Theory]
    [MemberData(nameof(Afterwards))]
    public void Missing_OfAVideoThatIsStillThere_IsOurFaultAndOtherwiseWhatBecameOfIt(VideoContentResult now, string code) =>
        Assert.Equal(code, download.Missing(Guid.CreateVersion7(), "videos/1/source", now, VideoFile.Source).Error.Code);
}
