using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class BadQuotes(ServiceFixture fixture, GuestWithVideo owner) : IClassFixture<GuestWithVideo>
{
    private static readonly Guid Nowhere = Guid.Parse("01900000-0000-7000-8000-000000000000");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_quote_that_nobody_gave_is_not_valid() => SubmittingIsRefused(Nowhere, ErrorTable.QuoteNotValid);

    [Fact]
    public async Task A_quote_whose_time_is_over_is_not_valid()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);
        await Expire(fixture, quote);

        await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en", quoteId = quote.Id }, "key"), Cancellation)
            .Is(ErrorTable.QuoteNotValid);

        Assert.Empty((await guest.Jobs(cancellationToken: Cancellation)).Items);
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), await guest.Credits(Cancellation));
    }

    [Fact]
    public async Task A_quote_for_another_video_is_not_valid()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var other = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(other.Id, cancellationToken: Cancellation);

        await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en", quoteId = quote.Id }, "key"), Cancellation)
            .Is(ErrorTable.QuoteNotValid);

        Assert.Empty((await guest.Jobs(cancellationToken: Cancellation)).Items);
    }

    [Fact]
    public async Task A_quote_for_another_profile_is_not_valid()
    {
        var quote = await owner.Client.Quote(owner.Video.Id, cancellationToken: Cancellation);
        var problem = await owner.Client.Send(
            CaptionClient.SubmitRequest(new { videoId = owner.Video.Id, language = "en", profile = "baroque" }, "key"), Cancellation)
            .Is(ErrorTable.ProfileUnknown);
        var other = problem.Members["known"].EnumerateArray().Select(known => known.GetString()).First(known => known != quote.Profile);

        await SubmittingIsRefused(quote.Id, ErrorTable.QuoteNotValid, other);
    }

    [Fact]
    public async Task Anothers_quote_is_not_valid()
    {
        using var stranger = await fixture.NewGuest();
        var quote = await stranger.Quote((await stranger.UploadAndProbe(fixture.Speech, Cancellation)).Id, cancellationToken: Cancellation);

        await SubmittingIsRefused(quote.Id, ErrorTable.QuoteNotValid);
    }

    [Fact]
    public async Task Another_quote_under_the_key_is_another_request()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);
        var job = await guest.Submit(video.Id, "my key", quoteId: quote.Id, cancellationToken: Cancellation);

        foreach (var other in new Guid?[] { Nowhere, null })
        {
            await guest.Send(CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en", quoteId = other }, "my key"), Cancellation)
                .Is(ErrorTable.IdempotencyKeyReused);
        }

        Assert.Single((await guest.Entries("?kind=reserve", Cancellation)).Items);
        await guest.Cancel(job.Id, Cancellation);
    }

    [Fact]
    public async Task A_job_that_would_be_refused_is_not_quoted()
    {
        var video = owner.Video.Id;
        var language = await IsRefused(new { videoId = video, language = "tlh" }, ErrorTable.LanguageNotSupported);
        var profile = await IsRefused(new { videoId = video, language = "en", profile = "baroque" }, ErrorTable.ProfileUnknown);
        await IsRefused(new { videoId = Nowhere, language = "en" }, ErrorTable.VideoNotFound);

        Assert.NotEmpty(language.Members["supported"].EnumerateArray());
        Assert.NotEmpty(profile.Members["known"].EnumerateArray());
    }

    [Fact]
    public async Task Anothers_video_is_not_found()
    {
        using var stranger = await fixture.NewGuest();

        await stranger.Send(CaptionClient.PostRequest("/v1/credits/quote", new { videoId = owner.Video.Id, language = "en" }), Cancellation)
            .Is(ErrorTable.VideoNotFound);
    }

    [Fact]
    public async Task A_rejected_video_is_not_quoted()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Text, Cancellation);

        var problem = await guest.Send(CaptionClient.PostRequest("/v1/credits/quote", new { videoId = video.Id, language = "en" }), Cancellation)
            .Is(ErrorTable.VideoRejected);

        Assert.Equal(video.Rejection!.Code, problem.Members["rejection"].GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_body_that_is_not_as_documented_is_refused()
    {
        var video = owner.Video.Id;
        await IsRefused(new { videoId = video }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = video, language = "" }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = video, language = new string('e', 65) }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = video, language = "en", profile = "a b" }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = video, language = "en", quoteId = Nowhere }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = "no id", language = "en" }, ErrorTable.InvalidRequest);
        await IsRefused(new { videoId = video, language = new string('e', 65536) }, ErrorTable.BodyTooLarge);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_quoted()
    {
        using var nobody = fixture.Service.CreateClient();

        await nobody.Send(CaptionClient.PostRequest("/v1/credits/quote", new { videoId = owner.Video.Id, language = "en" }), Cancellation)
            .Is(ErrorTable.TokenMissing);
    }

    internal static async Task Expire(ServiceFixture fixture, ClientQuote quote) => Assert.Single(await Book.Query<Guid>(
        fixture.Service, $"update job_quote set expires_at = now() - interval '1 second' where quote_id = '{quote.Id}' returning quote_id", Cancellation));

    private async Task<ClientProblem> IsRefused(object body, Error error)
    {
        var traces = Traces.Before(fixture, owner.Client);
        var problem = await owner.Client.Send(CaptionClient.PostRequest("/v1/credits/quote", body), Cancellation).Is(error);
        await traces.AreNone(videos: 1);
        return problem;
    }

    private async Task SubmittingIsRefused(Guid quoteId, Error error, string? profile = null)
    {
        var traces = Traces.Before(fixture, owner.Client);
        await owner.Client.Send(CaptionClient.SubmitRequest(new { videoId = owner.Video.Id, language = "en", profile, quoteId }, "key"), Cancellation)
            .Is(error);
        await traces.AreNone(videos: 1);
    }
}
