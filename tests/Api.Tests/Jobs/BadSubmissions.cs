using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class BadSubmissions(ServiceFixture fixture, GuestWithVideo owner) : IClassFixture<GuestWithVideo>
{
    private static readonly string Nowhere = "01900000-0000-7000-8000-000000000000";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_unknown_language_is_refused_with_those_that_are_served()
    {
        var problem = await IsRefused(video => CaptionClient.SubmitRequest(new { videoId = video, language = "tlh" }, "key"), ErrorTable.LanguageNotSupported);

        Assert.Contains("en", problem.Members["supported"].EnumerateArray().Select(language => language.GetString()));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)] // the picture
    public async Task An_audio_stream_that_is_none_is_refused_with_those_that_are(int audioStream)
    {
        var problem = await IsRefused(
            video => CaptionClient.SubmitRequest(new { videoId = video, language = "en", audioStream }, "key"), ErrorTable.AudioStreamUnknown);

        Assert.Equal([1], problem.Members["known"].EnumerateArray().Select(index => index.GetInt32()));
        problem = await IsRefused(
            video => CaptionClient.PostRequest("/v1/credits/quote", new { videoId = video, language = "en", audioStream }), ErrorTable.AudioStreamUnknown);
        Assert.Equal([1], problem.Members["known"].EnumerateArray().Select(index => index.GetInt32()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1000)]
    [InlineData(1.5)]
    public async Task An_audio_stream_that_cannot_be_one_is_refused_by_its_field(double audioStream)
    {
        var problem = await IsRefused(
            video => CaptionClient.SubmitRequest(new { videoId = video, language = "en", audioStream }, "key"), ErrorTable.InvalidRequest);

        Assert.Equal("audioStream", problem.Members["errors"][0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task An_unknown_profile_is_refused_with_those_that_are_known()
    {
        var problem = await IsRefused(
            video => CaptionClient.SubmitRequest(new { videoId = video, language = "en", profile = "baroque" }, "key"), ErrorTable.ProfileUnknown);

        Assert.NotEmpty(problem.Members["known"].EnumerateArray());
    }

    [Fact]
    public async Task A_video_that_is_not_there_is_not_found() =>
        await IsRefused(_ => CaptionClient.SubmitRequest(new { videoId = Nowhere, language = "en" }, "key"), ErrorTable.VideoNotFound);

    [Fact]
    public async Task A_key_is_needed() =>
        await IsRefused(video => CaptionClient.SubmitRequest(new { videoId = video, language = "en" }, key: null), ErrorTable.IdempotencyKeyMissing);

    [Fact]
    public async Task A_key_of_more_than_200_characters_is_not_valid() => await IsRefused(
        video => CaptionClient.SubmitRequest(new { videoId = video, language = "en" }, new string('k', 201)), ErrorTable.IdempotencyKeyInvalid);

    [Theory]
    [InlineData("""{ "videoId": "$", "language": "en", "langauge": "en" }""")]
    [InlineData("""{ "videoId": "$", "language": "en", "language": "en" }""")]
    [InlineData("""{ "VideoId": "$", "language": "en" }""")]
    [InlineData("""{ "videoId": "$" }""")]
    [InlineData("""{ "videoId": "$", "language": null }""")]
    [InlineData("""{ "videoId": "$", "language": "" }""")]
    [InlineData("""{ "videoId": "$", "language": 5 }""")]
    [InlineData("""{ "videoId": "$", "language": "en", "profile": "a b" }""")]
    [InlineData("""{ "videoId": "no id", "language": "en" }""")]
    [InlineData("""{ "videoId": """)]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]")]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_body_that_is_not_as_documented_is_refused(string body) =>
        await IsRefused(video => Raw(body.Replace("$", $"{video}", StringComparison.Ordinal)), ErrorTable.InvalidRequest);

    [Fact]
    public async Task A_body_over_64_KiB_is_too_large() =>
        await IsRefused(video => Raw($$"""{ "videoId": "{{video}}", "language": "{{new string('e', 65536)}}" }"""), ErrorTable.BodyTooLarge);

    [Fact]
    public async Task A_body_that_is_not_JSON_is_of_an_unsupported_type() =>
        await IsRefused(video => Raw($"videoId={video}&language=en", "application/x-www-form-urlencoded"), ErrorTable.UnsupportedContentType);

    [Fact]
    public async Task A_job_that_costs_more_than_there_is_says_both()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Expensive, Cancellation);
        Assert.Equal("ready", video.State);
        var traces = Traces.Before(fixture, guest);

        var problem = await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "key"), Cancellation)
            .Is(ErrorTable.InsufficientCredits);

        Assert.Equal(3, problem.Members["required"].GetInt64());
        Assert.Equal(ServiceFixture.GuestGrant, problem.Members["available"].GetInt64());
        await traces.AreNone(videos: 1);
    }

    [Fact]
    public async Task A_video_that_is_still_arriving_is_not_ready()
    {
        using var guest = await fixture.NewGuest();
        var traces = Traces.Before(fixture, guest);
        await using var endless = new StalledStream(64 * 1024);
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var upload = guest.Send(CaptionClient.UploadRequest(endless, "endless.mp4"), hangUp.Token);
        await Eventually.Holds(async () => (await guest.Videos(cancellationToken: Cancellation)).Items.Count == 1);
        var video = Assert.Single((await guest.Videos(cancellationToken: Cancellation)).Items);

        await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en" }, "key"), Cancellation).Is(ErrorTable.VideoNotReady);

        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        await Eventually.Holds(async () => (await guest.Videos(cancellationToken: Cancellation)).Items is []);
        await traces.AreNone();
    }

    private async Task<ClientProblem> IsRefused(Func<Guid, HttpRequestMessage> request, Error error)
    {
        var traces = Traces.Before(fixture, owner.Client);
        var problem = await owner.Client.Send(request(owner.Video.Id), Cancellation).Is(error);
        await traces.AreNone(videos: 1);
        return problem;
    }

    private static HttpRequestMessage Raw(string body, string mediaType = "application/json")
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return new HttpRequestMessage(HttpMethod.Post, "/v1/jobs") { Content = content, Headers = { { "Idempotency-Key", "key" } } };
    }
}
