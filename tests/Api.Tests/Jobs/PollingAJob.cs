using System.Net.Http.Headers;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>Clients that read a job again and again.</summary>
public sealed class PollingAJob(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Read_with_the_tag_of_before_it_is_sent_only_when_it_changed()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        var path = $"/v1/jobs/{job.Id}";
        using var first = await Read(guest, path);
        var tag = first.Headers.ETag!;

        using var same = await Read(guest, path, tag);
        using var any = await Read(guest, path, EntityTagHeaderValue.Any);
        using var another = await Read(guest, path, new EntityTagHeaderValue("\"another\""));

        Assert.False(tag.IsWeak);
        Assert.Equal(("no-cache, private", "application/json"), (Caching(first), first.Content.Headers.ContentType?.MediaType));
        Assert.Equal([304, 304, 200], new[] { same, any, another }.Select(answer => (int)answer.StatusCode));
        Assert.Equal(tag, same.Headers.ETag);
        Assert.Equal("no-cache, private", Caching(same));
        Assert.Empty(await same.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Equal(tag, another.Headers.ETag);
    }

    /// <summary>A pin changes nothing of the job's row, and yet what its owner is shown.</summary>
    [Fact]
    public async Task The_tag_changes_with_all_that_is_shown()
    {
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        var video = await member.Client.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await member.Client.WaitForEnd((await member.Client.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        using var before = await Read(member.Client, $"/v1/jobs/{job.Id}");

        await member.Client.Pin(video.Id, Cancellation);

        using var after = await Read(member.Client, $"/v1/jobs/{job.Id}", before.Headers.ETag);
        Assert.Equal(200, (int)after.StatusCode);
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
    }

    [Fact]
    public async Task Lists_are_read_alike()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        using var first = await Read(guest, "/v1/jobs");

        using var same = await Read(guest, "/v1/jobs", first.Headers.ETag);
        await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        using var longer = await Read(guest, "/v1/jobs", first.Headers.ETag);

        Assert.Equal((304, 200), ((int)same.StatusCode, (int)longer.StatusCode));
    }

    private static string Caching(HttpResponseMessage answer) =>
        string.Join(", ", answer.Headers.CacheControl!.ToString().Split(", ").Order());

    private static Task<HttpResponseMessage> Read(CaptionClient client, string path, EntityTagHeaderValue? known = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (known is not null)
            request.Headers.IfNoneMatch.Add(known);
        return client.Send(request, Cancellation);
    }
}
