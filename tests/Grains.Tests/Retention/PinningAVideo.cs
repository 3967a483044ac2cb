using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Retention;

/// <summary>Members may pin two videos here, and guests none.</summary>
[Collection<MediaCluster>]
public sealed class PinningAVideo(ServiceFixture service) : ClusterScenario(service)
{
    private const int Limit = ServiceCluster.MemberPins;

    [Fact]
    public async Task A_pinned_one_shows_no_expiry_and_outlives_it()
    {
        var accountId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(accountId);
        var job = await Service.SucceededJob(accountId, videoId);

        var pinned = Assert.IsType<PinVideoResult.Pinned>(await Service.Video(videoId).Pin(accountId)).Video;
        Assert.Equivalent(pinned, Assert.IsType<PinVideoResult.Pinned>(await Service.Video(videoId).Pin(accountId)).Video, strict: true);
        Service.Clock.Advance(TimeSpan.FromDays(8));
        await Service.Remind(videoId);
        Assert.Equal(0, await Service.Sweep<DueDeletionSweep>());

        Assert.Null(pinned.ExpiresAt);
        Assert.Null((await Service.Get(job)).ExpiresAt);
        Assert.Equivalent(pinned, await Get(videoId, accountId), strict: true);
        Assert.Equal(0, await Service.Reminders(videoId));
        await Service.SubmitJob(accountId, videoId);
        await Service.Video(videoId).DeleteByOwner(accountId);
    }

    [Fact]
    public async Task Unpinned_it_stays_a_day_however_old_it_is_and_then_expires()
    {
        var accountId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(accountId);
        await Service.Video(videoId).Pin(accountId);
        Service.Clock.Advance(TimeSpan.FromDays(30));
        await Service.Remind(videoId);

        var unpinned = Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Unpin(accountId)).Video;

        Assert.Equal(Service.Clock.GetUtcNow().AddDays(1), unpinned.ExpiresAt);
        Assert.Equivalent(unpinned, Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Unpin(accountId)).Video, strict: true);
        Assert.Equal(1, await Service.Reminders(videoId));
        await Service.Expire(videoId);
        await Service.Remind(videoId);
        Assert.NotNull(await Service.Receipt(accountId, videoId));
    }

    [Fact]
    public async Task Unpinned_when_it_is_young_it_has_the_expiry_that_it_had()
    {
        var accountId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(accountId);
        var before = await Get(videoId, accountId);
        await Service.Video(videoId).Pin(accountId);

        Assert.Equivalent(before, Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Unpin(accountId)).Video, strict: true);
    }

    [Fact]
    public async Task A_plan_without_pins_refuses_and_one_with_pins_has_a_limit()
    {
        var (guestId, memberId) = (await Service.NewGuest(), await Service.SignUp());
        var ofGuest = await Service.ReadyVideo(guestId);
        Assert.IsType<PinVideoResult.NotAllowed>(await Service.Video(ofGuest).Pin(guestId));

        var videos = new List<Guid>();
        for (var i = 0; i <= Limit; i++)
            videos.Add(await Service.ReadyVideo(memberId));
        foreach (var videoId in videos.Take(Limit))
            Assert.IsType<PinVideoResult.Pinned>(await Service.Video(videoId).Pin(memberId));
        Assert.Equal(new PinVideoResult.TooMany(Limit), await Service.Video(videos[^1]).Pin(memberId));
        await Service.Video(videos[0]).Unpin(memberId);
        Assert.IsType<PinVideoResult.Pinned>(await Service.Video(videos[^1]).Pin(memberId));
        await Service.Video(videos[^1]).DeleteByOwner(memberId);
        Assert.IsType<PinVideoResult.Pinned>(await Service.Video(videos[0]).Pin(memberId));
    }

    [Fact]
    public async Task All_at_once_no_more_are_pinned_than_the_plan_allows()
    {
        var memberId = await Service.SignUp();
        var videos = new List<Guid>();
        for (var i = 0; i <= Limit; i++)
            videos.Add(await Service.ReadyVideo(memberId));
        for (var round = 0; round < 10; round++)
        {
            var answers = await Task.WhenAll(videos.Select((videoId, i) => Service.From(silo: i).GetGrain<IVideoGrain>(videoId).Pin(memberId)));

            Assert.Equal(Limit, answers.OfType<PinVideoResult.Pinned>().Count());
            Assert.Single(answers.OfType<PinVideoResult.TooMany>());
            await Task.WhenAll(videos.Select(videoId => Service.Video(videoId).Unpin(memberId)));
        }
    }

    [Fact]
    public async Task Others_and_those_who_come_too_late_find_nothing_to_pin()
    {
        var (memberId, strangerId) = (await Service.SignUp(), await Service.SignUp("eve@example.com"));
        var videoId = await Service.ReadyVideo(memberId);

        Assert.IsType<PinVideoResult.NotFound>(await Service.Video(videoId).Pin(strangerId));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Unpin(strangerId));
        await Service.Expire(videoId);
        Assert.IsType<PinVideoResult.NotFound>(await Service.Video(videoId).Pin(memberId));
        await Service.Video(videoId).DeleteByOwner(memberId);
        Assert.IsType<PinVideoResult.NotFound>(await Service.Video(videoId).Pin(memberId));
        Assert.IsType<VideoResult.NotFound>(await Service.Video(videoId).Unpin(memberId));
    }

    private async Task<VideoSnapshot> Get(Guid videoId, Guid accountId) =>
        Assert.IsType<VideoResult.Found>(await Service.Video(videoId).Get(accountId, Ct)).Video;
}
