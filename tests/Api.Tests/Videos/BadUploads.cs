using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Videos;

public sealed class BadUploads(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_empty_file_is_refused() =>
        await IsRefused(CaptionClient.UploadRequest(new MemoryStream(), "empty.mp4"), ErrorTable.FileEmpty);

    [Fact]
    public async Task A_body_without_a_file_is_refused() =>
        await IsRefused(CaptionClient.UploadRequest(new MemoryStream([1, 2, 3]), "a.mp4", field: "other"), ErrorTable.FileMissing);

    [Fact]
    public async Task A_field_without_a_file_name_is_no_file() => await IsRefused(
        new HttpRequestMessage(HttpMethod.Post, "/v1/videos") { Content = new MultipartFormDataContent { { new StringContent("text"), "file" } } },
        ErrorTable.FileMissing);

    [Fact]
    public async Task A_length_over_the_limit_is_refused_by_the_headers()
    {
        var problem = await IsRefused(
            CaptionClient.UploadRequest(new MemoryStream(new byte[2 * ServiceFixture.MaximumBytes]), "large.mp4"), ErrorTable.UploadTooLarge);

        Assert.Equal(ServiceFixture.MaximumBytes, problem.Members["maximumBytes"].GetInt64());
    }

    [Fact]
    public async Task A_file_one_byte_over_the_limit_is_refused_without_a_length()
    {
        var request = CaptionClient.UploadRequest(new MemoryStream(new byte[ServiceFixture.MaximumBytes + 1]), "large.mp4");
        request.Headers.TransferEncodingChunked = true;

        await IsRefused(request, ErrorTable.UploadTooLarge);
    }

    [Fact]
    public async Task Another_content_type_is_refused()
    {
        await IsRefused(
            new HttpRequestMessage(HttpMethod.Post, "/v1/videos") { Content = JsonContent.Create(new { file = "a" }) }, ErrorTable.UnsupportedContentType);
        await IsRefused(new HttpRequestMessage(HttpMethod.Post, "/v1/videos"), ErrorTable.UnsupportedContentType);
    }

    [Theory]
    [InlineData("")]
    [InlineData("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.mp4\"\r\n\r\nhalf a fi")]
    public async Task A_body_that_ends_too_early_is_refused(string body) => await IsRefused(Raw(body), ErrorTable.UploadIncomplete);

    [Fact]
    public async Task Text_named_mp4_is_rejected() => await IsRejected(fixture.Text);

    [Fact]
    public async Task A_video_without_audio_is_rejected()
    {
        var rejection = await IsRejected(fixture.WithoutAudio);

        Assert.Equal("no_audio", rejection.Code);
    }

    [Fact]
    public async Task A_truncated_video_is_rejected() => await IsRejected(fixture.Truncated);

    [Fact]
    public async Task A_file_name_is_kept_for_display_only()
    {
        using var guest = await fixture.NewGuest();
        await using var file = File.OpenRead(fixture.Text);

        using var response = await guest.Send(CaptionClient.UploadRequest(file, "../../\u202Ecut.mp4"), Cancellation);
        response.EnsureSuccessStatusCode();

        Assert.Equal("cut.mp4", Assert.Single((await guest.Videos(cancellationToken: Cancellation)).Items).FileName);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_leaves_nothing()
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        await using var endless = new StalledStream(64 * 1024);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var upload = guest.Send(CaptionClient.UploadRequest(endless, "endless.mp4"), hangUp.Token);
        await Eventually.Holds(async () => (await guest.Videos(cancellationToken: Cancellation)).Items is [{ State: "uploading" }]);

        await hangUp.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        await Eventually.Holds(async () => (await guest.Videos(cancellationToken: Cancellation)).Items is []);
        await traces.AreNone();
    }

    private async Task<ClientProblem> IsRefused(HttpRequestMessage request, Error error)
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        var problem = await guest.Send(request, Cancellation).Is(error);
        await traces.AreNone();
        return problem;
    }

    private async Task<ClientReason> IsRejected(string path)
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        var video = await guest.UploadAndProbe(path, Cancellation);
        Assert.Equal("rejected", video.State);

        var problem = await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "key"), Cancellation)
            .Is(ErrorTable.VideoRejected);

        Assert.Equal(video.Rejection!.Code, problem.Members["rejection"].GetProperty("code").GetString());
        await traces.AreNone(videos: 1);
        return video.Rejection;
    }

    private static HttpRequestMessage Raw(string body)
    {
        var content = new ByteArrayContent(Encoding.ASCII.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");
        return new HttpRequestMessage(HttpMethod.Post, "/v1/videos") { Content = content };
    }
}
