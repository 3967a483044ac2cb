using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests;

/// <summary>The main job of the service, as a guest does it over HTTP.</summary>
public sealed class CaptioningAVideo(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guest_uploads_a_video_and_gets_captions_for_a_credit()
    {
        using var client = fixture.Service.CreateClient();
        var session = await client.BecomeGuest(Cancellation);
        Assert.Equal(("guest", "Bearer"), (session.Kind, session.TokenType));
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), session.Credits);

        var video = await client.UploadAndProbe(fixture.Speech, Cancellation);
        Assert.Equal("ready", video.State);
        Assert.Equal("speech.mp4", video.FileName);
        Assert.Equal(new FileInfo(fixture.Speech).Length, video.Bytes);
        Assert.InRange(video.DurationMs!.Value, 20_000, 60_000);
        Assert.Equal(["video", "audio"], video.Streams.Select(stream => stream.Kind));
        Assert.Equal((1, video.DurationMs), (video.AudioStream, video.Streams[1].DurationMs));
        Assert.Null(video.Streams[0].DurationMs);
        Assert.True(video.HasThumbnail);
        Assert.InRange(video.ExpiresAt!.Value, video.CreatedAt.AddDays(7), video.CreatedAt.AddDays(8));
        Assert.Null(video.Rejection);

        var submitted = await client.Submit(video.Id, cancellationToken: Cancellation);
        Assert.Equal((video.Id, 1L), (submitted.VideoId, submitted.Price));
        var job = await client.WaitForEnd(submitted.Id, Cancellation);
        Assert.Equal("succeeded", job.State);
        Assert.Equal(100, job.Progress.Percent);
        Assert.Equal(job.Progress.ChunksTotal, job.Progress.ChunksDone);
        Assert.Equal($"/v1/jobs/{job.Id}/captions.srt", job.Links!.Srt);

        var srt = await client.Captions(job.Id, "srt", Cancellation);
        Assert.StartsWith("1\n", srt.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.InRange(WordErrorRate.Of(TextOf(srt), SampleSpeech.Reference()), 0, 0.40);
        Assert.StartsWith("WEBVTT", await client.Captions(job.Id, "vtt", Cancellation), StringComparison.Ordinal);

        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant - 1, 0), await client.Credits(Cancellation));
        var ledger = await client.Entries(cancellationToken: Cancellation);
        Assert.Equal(["settle", "reserve", "grant"], ledger.Items.Select(entry => entry.Kind));
        Assert.Equal([3, 2, 1], ledger.Items.Select(entry => entry.Seq));
        Assert.Equal([job.Id], (await client.Jobs(cancellationToken: Cancellation)).Items.Select(listed => listed.Id));
        Assert.Equal([video.Id], (await client.Videos(cancellationToken: Cancellation)).Items.Select(listed => listed.Id));
    }

    [Fact]
    public async Task Captions_come_as_a_file_to_keep()
    {
        using var client = await fixture.NewGuest();
        var video = await client.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await client.WaitForEnd((await client.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, job.Links!.Vtt), Cancellation);

        Assert.Equal("text/vtt; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal($"{job.Id}.en.vtt", response.Content.Headers.ContentDisposition.FileName);
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Canceling_returns_the_credits_and_can_be_repeated()
    {
        using var client = await fixture.NewGuest();
        var video = await client.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await client.Submit(video.Id, cancellationToken: Cancellation);

        var canceled = await client.Cancel(job.Id, Cancellation);
        var again = await client.Cancel(job.Id, Cancellation);

        Assert.Equal(("canceled", "canceled"), (canceled.State, again.State));
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), await client.Credits(Cancellation));
    }

    /// <summary>What is said, without numbers and times.</summary>
    private static string TextOf(string srt) =>
        string.Join(' ', srt.Split('\n').Where(line => !line.Contains("-->", StringComparison.Ordinal) && !int.TryParse(line.Trim(), out _)));
}
