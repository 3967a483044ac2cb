using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Retention;

public sealed class DeletingVideos(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Takes_the_captions_along_and_leaves_a_receipt()
    {
        using var guest = await fixture.NewGuest();
        var before = fixture.Objects();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        Assert.InRange((job.ExpiresAt! - video.CreatedAt).Value, TimeSpan.FromDays(7), TimeSpan.FromDays(7) + TimeSpan.FromMinutes(10));
        Assert.Null(job.DeletedAt);

        await guest.DeleteVideo(video.Id, Cancellation);
        await guest.DeleteVideo(video.Id, Cancellation);

        Assert.DoesNotContain(fixture.Objects().Except(before), path => path.Contains($"{video.Id}", StringComparison.Ordinal) || path.Contains($"{job.Id}", StringComparison.Ordinal));
        await Ask(guest, HttpMethod.Get, $"/v1/videos/{video.Id}").Is(ErrorTable.VideoNotFound);
        var problem = await Ask(guest, HttpMethod.Get, $"/v1/jobs/{job.Id}/captions.srt").Is(ErrorTable.CaptionsDeleted);
        var after = await guest.Job(job.Id, Cancellation);
        Assert.Equal(("succeeded", job.Price, null, null), (after.State, after.Price, after.Links, after.ExpiresAt));
        Assert.Equal(after.DeletedAt, problem.Members["deletedAt"].GetDateTimeOffset());
        var receipt = await guest.Deletion(video.Id, Cancellation);
        // The source, its picture, the transcript and two files of captions.
        Assert.Equal(("owner", 5), (receipt.Reason, receipt.Objects));
        Assert.Equal([job.Id], receipt.Jobs);
        Assert.True(receipt.Bytes > video.Bytes);
        Assert.NotNull(receipt.CompletedAt);
        Assert.Equivalent(receipt, Assert.Single((await guest.Deletions(cancellationToken: Cancellation)).Items), strict: true);
        await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "late"), Cancellation).Is(ErrorTable.VideoNotFound);
    }

    [Fact]
    public async Task Of_others_or_of_nobody_finds_nothing()
    {
        using var owner = await fixture.NewGuest();
        using var stranger = await fixture.NewGuest();
        var video = await owner.Upload(fixture.Speech, Cancellation);

        await Ask(stranger, HttpMethod.Delete, $"/v1/videos/{video.Id}").Is(ErrorTable.VideoNotFound);
        await Ask(stranger, HttpMethod.Delete, $"/v1/videos/{Guid.CreateVersion7()}").Is(ErrorTable.VideoNotFound);
        Assert.Equal(video.Id, (await owner.Video(video.Id, Cancellation)).Id);
        await Ask(owner, HttpMethod.Get, $"/v1/deletions/{video.Id}").Is(ErrorTable.DeletionNotFound);
        await owner.DeleteVideo(video.Id, Cancellation);
        await Ask(stranger, HttpMethod.Delete, $"/v1/videos/{video.Id}").Is(ErrorTable.VideoNotFound);
        await Ask(stranger, HttpMethod.Get, $"/v1/deletions/{video.Id}").Is(ErrorTable.DeletionNotFound);
        Assert.Empty((await stranger.Deletions(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task Receipts_come_in_pages_newest_first()
    {
        using var guest = await fixture.NewGuest();
        var deleted = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            var video = await guest.Upload(fixture.Text, Cancellation);
            await guest.DeleteVideo(video.Id, Cancellation);
            deleted.Insert(0, video.Id);
        }

        var first = await guest.Deletions("?limit=2", Cancellation);
        var second = await guest.Deletions($"?limit=2&cursor={first.Next}", Cancellation);

        Assert.Equal(deleted, first.Items.Concat(second.Items).Select(receipt => receipt.VideoId));
        Assert.Null(second.Next);
        await Ask(guest, HttpMethod.Get, "/v1/deletions?cursor=none").Is(ErrorTable.InvalidCursor);
    }

    [Fact]
    public async Task Pinning_is_the_members_and_has_a_limit()
    {
        using var guest = await fixture.NewGuest();
        await Ask(guest, HttpMethod.Put, $"/v1/videos/{(await guest.Upload(fixture.Text, Cancellation)).Id}/pin").Is(ErrorTable.PinNotAllowed);
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        var (one, other) = (await member.Client.Upload(fixture.Speech, Cancellation), await member.Client.Upload(fixture.Speech, Cancellation));

        Assert.Equal(one.Id, (await member.Client.Pin(one.Id, Cancellation)).Id);
        var problem = await Ask(member.Client, HttpMethod.Put, $"/v1/videos/{other.Id}/pin").Is(ErrorTable.TooManyPinned);
        Assert.Equal(ServiceFixture.MemberPins, problem.Members["limit"].GetInt32());
        await member.Client.Unpin(one.Id, Cancellation);
        await member.Client.Pin(other.Id, Cancellation);
        await Ask(member.Client, HttpMethod.Put, $"/v1/videos/{Guid.CreateVersion7()}/pin").Is(ErrorTable.VideoNotFound);
        await Ask(member.Client, HttpMethod.Delete, $"/v1/videos/{Guid.CreateVersion7()}/pin").Is(ErrorTable.VideoNotFound);
    }

    private static Task<HttpResponseMessage> Ask(CaptionClient client, HttpMethod method, string path) =>
        client.Send(new HttpRequestMessage(method, path), Cancellation);
}
