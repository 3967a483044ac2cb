using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Videos;

namespace AX2Caption.Grains.Tests.Videos;

public sealed class VideoTests
{
    private static readonly Failure Reason = new("no_audio", "The file has no audio.");

    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Video Uploading =
        Video.Begin(Guid.CreateVersion7(), Guid.CreateVersion7(), "talk.mp4", Now, retention: TimeSpan.FromDays(7));

    private static readonly Video Probing = Uploading.Uploaded(6, new byte[32], Now.AddDays(8))!;

    private static readonly Dictionary<VideoState, Video> InState = new()
    {
        [VideoState.Uploading] = Uploading,
        [VideoState.Probing] = Probing,
        [VideoState.Ready] = Probing.Probed(HandWorker.Media(TimeSpan.FromMinutes(1)), "videos/x/source", new byte[32])!,
        [VideoState.Rejected] = Probing.Rejected(Reason)!,
        [VideoState.Deleted] = Uploading.Deleted()!,
    };

    private static readonly Dictionary<string, (Func<Video, Video?> Step, VideoState To, VideoState[] From)> Steps = new()
    {
        ["uploaded"] = (video => video.Uploaded(6, new byte[32], Now.AddDays(8)), VideoState.Probing, [VideoState.Uploading]),
        ["probed"] = (video => video.Probed(HandWorker.Media(TimeSpan.FromMinutes(1)), "videos/x/source", new byte[32]), VideoState.Ready, [VideoState.Probing]),
        ["deleted"] = (video => video.Deleted(), VideoState.Deleted,
            [VideoState.Uploading, VideoState.Probing, VideoState.Ready, VideoState.Rejected]),
        ["rejected"] = (video => video.Rejected(Reason), VideoState.Rejected, [VideoState.Probing]),
    };

    public static TheoryData<string, VideoState> EveryStepInEveryState =>
        [.. from step in Steps.Keys from state in Enum.GetValues<VideoState>() select new TheoryDataRow<string, VideoState>(step, state)];

    [Theory]
    [MemberData(nameof(EveryStepInEveryState))]
    public void Step_InAState_LeadsOnOrDoesNotApply(string step, VideoState state)
    {
        var (take, to, from) = Steps[step];

        var after = take(InState[state]);

        Assert.Equal(from.Contains(state) ? to : null, after?.State);
        Assert.Equal(from.Contains(state) ? InState[state].Version + 1 : null, after?.Version);
    }

    [Fact]
    public void Deleted_FromAnyState_LeavesNothingOfWhatItWasAndOwesItsObject() => Assert.All(InState.Values, video =>
    {
        var deleted = video.Deleted() ?? video;
        Assert.Equal("deleted", deleted.FileName);
        Assert.Equal((null, null, null, null), (deleted.Length, deleted.Sha256, deleted.Media, deleted.Rejection));
        Assert.True(deleted.OwesDeletion);
    });

    [Fact]
    public void Deleted_WhoseObjectIsGoneAlready_OwesItAgain() =>
        Assert.True(InState[VideoState.Rejected].ObjectDeleted()!.Deleted()!.OwesDeletion);

    [Fact]
    public void ObjectDeleted_OnlyWhereDeletionIsOwed_AndOnce()
    {
        VideoState[] owing = [VideoState.Rejected, VideoState.Deleted];
        Assert.All(InState, pair => Assert.Equal(owing.Contains(pair.Key), pair.Value.ObjectDeleted() is not null));
        Assert.Null(InState[VideoState.Rejected].ObjectDeleted()!.ObjectDeleted());
    }

    [Fact]
    public void IsOver_AtItsExpiryAndNotBefore_UnlessPinned()
    {
        var video = InState[VideoState.Ready];

        Assert.False(video.IsOver(video.ExpiresAt.AddTicks(-1)));
        Assert.True(video.IsOver(video.ExpiresAt));
        Assert.False(video.Pin()!.IsOver(video.ExpiresAt));
    }

    [Fact]
    public void Pin_HidesTheExpiry_AndAppliesOnceToWhatIsNotDeleted() => Assert.All(InState.Values, video =>
    {
        var pinned = video.Pin();
        Assert.Equal(video.State == VideoState.Deleted, pinned is null);
        Assert.Null(pinned?.Snapshot.ExpiresAt);
        Assert.Null(pinned?.Pin());
        Assert.Null(video.Unpin(Now));
    });

    [Fact]
    public void Unpin_LeavesTheExpiryOrTheTimeToStay_WhicheverIsLater()
    {
        var pinned = InState[VideoState.Ready].Pin()!;

        Assert.Equal(pinned.ExpiresAt, pinned.Unpin(pinned.ExpiresAt.AddDays(-1))!.Snapshot.ExpiresAt);
        Assert.Equal(pinned.ExpiresAt.AddDays(1), pinned.Unpin(pinned.ExpiresAt.AddDays(1))!.Snapshot.ExpiresAt);
    }

    [Fact]
    public void Deleted_OfAPinnedVideo_IsNotPinned() => Assert.False(InState[VideoState.Ready].Pin()!.Deleted()!.Pinned);
}
