using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class QuotingAJob(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Says_what_it_will_cost_and_how_that_comes_about_and_holds_nothing()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var traces = Traces.Before(fixture, guest);
        var before = TimeProvider.System.GetUtcNow();

        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);

        Assert.Equal((video.Id, "en", "pocketsphinx"), (quote.VideoId, quote.Language, quote.Engine));
        Assert.Equal(video.DurationMs, quote.DurationMs);
        Assert.Equal((1, 1, 1), (quote.StartedMinutes, quote.PerStartedMinute, quote.Price));
        Assert.Equal((ServiceFixture.GuestGrant, true), (quote.Available, quote.Sufficient));
        Assert.True(quote.ExpiresAt > before);
        await traces.AreNone(videos: 1);
    }

    [Fact]
    public async Task Then_charges_exactly_that_whatever_the_price_is_by_then()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);
        // As if the price had fallen from 2 to 1 since.
        await Book.Query<long>(fixture.Service, $"update job_quote set price = 2 where quote_id = '{quote.Id}' returning price", Cancellation);

        var quoted = await guest.Submit(video.Id, quoteId: quote.Id, cancellationToken: Cancellation);
        Assert.Equal(2, quoted.Price);
        Assert.Equal(quote.Profile, quoted.Profile);
        await guest.WaitForEnd(quoted.Id, Cancellation);

        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant - 2, 0), await guest.Credits(Cancellation));
        var settled = Assert.Single((await guest.Entries("?kind=settle", Cancellation)).Items);
        Assert.Equal((quoted.Id, 2L), (settled.JobId, settled.Amount));
    }

    [Fact]
    public async Task A_job_without_the_quote_is_charged_the_price_of_the_moment()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);
        await Book.Query<long>(fixture.Service, $"update job_quote set price = 2 where quote_id = '{quote.Id}' returning price", Cancellation);

        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);

        Assert.Equal(1, job.Price);
        await guest.Cancel(job.Id, Cancellation);
    }

    [Fact]
    public async Task Says_that_credits_do_not_suffice_and_the_job_is_refused_at_the_quoted_price()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Expensive, Cancellation);

        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);

        Assert.Equal((3, 3), (quote.StartedMinutes, quote.Price));
        Assert.Equal((ServiceFixture.GuestGrant, false), (quote.Available, quote.Sufficient));
        var problem = await guest.Send(
            CaptionClient.SubmitRequest(new { videoId = video.Id, language = "en", quoteId = quote.Id }, "key"), Cancellation)
            .Is(ErrorTable.InsufficientCredits);
        Assert.Equal(3, problem.Members["required"].GetInt64());
    }

    [Fact]
    public async Task Available_is_what_jobs_have_left()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);

        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);

        Assert.Equal(ServiceFixture.GuestGrant - 1, quote.Available);
        await guest.Cancel(job.Id, Cancellation);
    }

    [Fact]
    public async Task The_same_submission_meets_the_same_job_even_when_the_promise_is_over()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var quote = await guest.Quote(video.Id, cancellationToken: Cancellation);
        var job = await guest.Submit(video.Id, "my key", quoteId: quote.Id, cancellationToken: Cancellation);
        await BadQuotes.Expire(fixture, quote);

        var again = await guest.Submit(video.Id, "my key", quoteId: quote.Id, cancellationToken: Cancellation);

        Assert.Equal(job.Id, again.Id);
        Assert.Single((await guest.Entries("?kind=reserve", Cancellation)).Items);
        await guest.Cancel(job.Id, Cancellation);
    }
}
