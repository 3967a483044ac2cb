using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class QuotingAJob(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    [Fact]
    public async Task It_says_the_price_before_anything_is_held()
    {
        var (accountId, videoId) = await GuestWithVideo(TimeSpan.FromSeconds(61));

        var quote = await Quote(accountId, videoId);

        Assert.Equal(("pocketsphinx", "netflix-en", 2L, 1L, 2L, Grant), (quote.Engine, quote.Profile, quote.StartedMinutes, quote.PerStartedMinute, quote.Price, quote.Available));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
        Assert.Single(await Service.Ledger(accountId));
    }

    [Fact]
    public async Task Asked_again_it_is_the_same_quote()
    {
        var (accountId, videoId) = await GuestWithVideo();

        Assert.Equal(await Quote(accountId, videoId), await Quote(accountId, videoId));
        Assert.Equal(1, await Service.Value<long>("select count(*) from job_quote"));
    }

    [Fact]
    public async Task A_job_with_a_quote_is_charged_what_was_quoted_although_prices_have_risen()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var quote = await Quote(accountId, videoId);
        await Service.Execute("update job_quote set price = 3 where quote_id = $1", quote.QuoteId); // it was quoted when prices were others

        var job = Assert.IsType<SubmitJobResult.Accepted>(await Submit(accountId, videoId, quote.QuoteId)).Job;

        Assert.Equal(3, job.Price);
        Assert.Equal(new CreditBalance(Grant - 3, 3), await Service.Balance(accountId));
    }

    [Fact]
    public async Task A_job_with_a_quote_is_done_by_the_engine_that_was_quoted_although_another_is_preferred_by_now()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var quote = await Quote(accountId, videoId);
        await using var rival = await Service.StartRival(
            ("Transcription:OpenAi:hosted:BaseUrl", "https://speech.test/v1"), ("Transcription:OpenAi:hosted:Model", "whisper-1"),
            ("Transcription:OpenAi:hosted:Languages:0", "en"));
        async Task<string> EngineOf(Guid? quoteId)
        {
            var jobId = Guid.CreateVersion7();
            Assert.IsType<SubmitJobResult.Accepted>(
                await rival.Client.GetGrain<ICaptionJobGrain>(jobId).Submit(new SubmitJob(accountId, videoId, "en", Profile: null, quoteId)));
            return await Service.Value<string>("select engine from caption_job where job_id = $1", jobId);
        }

        Assert.Equal("pocketsphinx", await EngineOf(quote.QuoteId));
        Assert.Equal("hosted", await EngineOf(quoteId: null));
        await Service.Execute("update job_quote set engine = null"); // of before there was this column
        Assert.Equal("hosted", await EngineOf(quote.QuoteId));
    }

    [Fact]
    public async Task A_quote_for_an_engine_that_is_gone_is_not_good()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var quote = await Quote(accountId, videoId);
        await Service.Execute("update job_quote set engine = 'gone' where quote_id = $1", quote.QuoteId);

        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, quote.QuoteId));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task A_quote_for_auto_is_good_for_it_however_it_is_written()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await using var rival = await Service.StartRival(
            ("Transcription:OpenAi:hosted:BaseUrl", "https://speech.test/v1"), ("Transcription:OpenAi:hosted:Model", "whisper-1"),
            ("Transcription:OpenAi:hosted:Languages:0", "ko"), ("Transcription:Preference:AUTO", "hosted"));
        async Task<JobQuote> QuoteOf(string language) => Assert.IsType<JobQuoteResult.Quoted>(
            await rival.Client.GetGrain<IJobQuoteGrain>(accountId).Quote(new SubmitJob(accountId, videoId, language, Profile: null))).Quote;

        var quote = await QuoteOf("AUTO");
        Assert.Equal(("auto", "auto", "hosted"), (quote.Language, quote.Profile, quote.Engine));
        Assert.Equal(quote.QuoteId, (await QuoteOf("auto")).QuoteId);

        var job = Assert.IsType<SubmitJobResult.Accepted>(await rival.Client.GetGrain<ICaptionJobGrain>(Guid.CreateVersion7())
            .Submit(new SubmitJob(accountId, videoId, "Auto", Profile: null, quote.QuoteId))).Job;
        Assert.Equal(("auto", "auto"), (job.Language, job.Profile));
        Assert.Equal("auto", await Service.Value<string>("select language from caption_job where job_id = $1", job.JobId));
    }

    [Fact]
    public async Task A_quote_is_good_until_its_end_and_not_longer()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var quote = await Quote(accountId, videoId);
        Assert.InRange(quote.ExpiresAt - Service.Clock.GetUtcNow(), TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30));

        Service.Clock.Advance(quote.ExpiresAt - Service.Clock.GetUtcNow() - TimeSpan.FromTicks(10));
        Assert.IsType<SubmitJobResult.Accepted>(await Submit(accountId, videoId, quote.QuoteId));
        Service.Clock.Advance(TimeSpan.FromTicks(10));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, quote.QuoteId));

        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(accountId));
    }

    [Fact]
    public async Task A_quote_is_good_for_its_account_video_language_and_profile_only()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var (stranger, strangersVideo) = await GuestWithVideo();
        var other = await Service.ReadyVideo(accountId);
        var quote = await Quote(accountId, videoId);

        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(stranger, strangersVideo, quote.QuoteId));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, other, quote.QuoteId));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, quote.QuoteId, "en-GB"));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, quote.QuoteId, "en", "bbc"));
        Assert.IsType<SubmitJobResult.QuoteNotValid>(await Submit(accountId, videoId, Guid.CreateVersion7()));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
        Assert.IsType<SubmitJobResult.Accepted>(await Submit(accountId, videoId, quote.QuoteId, "en", "netflix-en"));
    }

    [Fact]
    public async Task What_would_be_refused_is_refused_when_it_is_quoted()
    {
        var (accountId, videoId) = await GuestWithVideo();

        Assert.IsType<SubmitJobResult.LanguageNotServed>(await Refusal(new SubmitJob(accountId, videoId, "ko", Profile: null)));
        Assert.IsType<SubmitJobResult.ProfileUnknown>(await Refusal(new SubmitJob(accountId, videoId, "en", "comic-sans")));
        Assert.IsType<SubmitJobResult.VideoNotFound>(await Refusal(new SubmitJob(accountId, Guid.CreateVersion7(), "en", Profile: null)));
        Assert.IsType<SubmitJobResult.VideoNotReady>(await Refusal(new SubmitJob(accountId, await Service.Upload(accountId), "en", Profile: null)));
    }

    [Fact]
    public async Task Quotes_that_nobody_can_use_any_more_are_swept()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await Quote(accountId, videoId);
        Assert.Equal(0, await Service.Sweep<ExpiredQuoteSweep>());

        Service.Clock.Advance(2 * new CreditOptions().QuoteLifetime);
        Service.Clock.Advance(TimeSpan.FromTicks(10));

        Assert.Equal(1, await Service.Sweep<ExpiredQuoteSweep>());
    }

    private async Task<(Guid AccountId, Guid VideoId)> GuestWithVideo(TimeSpan? duration = null)
    {
        var accountId = await Service.NewGuest();
        return (accountId, await Service.ReadyVideo(accountId, duration));
    }

    private async Task<JobQuote> Quote(Guid accountId, Guid videoId) => Assert.IsType<JobQuoteResult.Quoted>(
        await Service.Grains.GetGrain<IJobQuoteGrain>(accountId).Quote(new SubmitJob(accountId, videoId, "en", Profile: null))).Quote;

    private async Task<SubmitJobResult> Refusal(SubmitJob command) =>
        Assert.IsType<JobQuoteResult.Refused>(await Service.Grains.GetGrain<IJobQuoteGrain>(command.AccountId).Quote(command)).Refusal;

    private Task<SubmitJobResult> Submit(Guid accountId, Guid videoId, Guid quoteId, string language = "en", string? profile = null) =>
        Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(accountId, videoId, language, profile, quoteId));
}
