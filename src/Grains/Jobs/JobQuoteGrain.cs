using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Videos;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Jobs;

[StatelessWorker]
internal sealed class JobQuoteGrain(JobTermsFinder terms, VideoStore videos, QuoteStore store, IOptions<CreditOptions> options, TimeProvider time)
    : Grain, IJobQuoteGrain
{
    public async Task<JobQuoteResult> Quote(SubmitJob command) => terms.Find(command, await videos.Load(command.VideoId)) switch
    {
        JobTermsResult.Found { Terms: var found } => new JobQuoteResult.Quoted(await Promise(command, found)),
        JobTermsResult.Refused { Refusal: var refusal } => new JobQuoteResult.Refused(refusal),
        var unknown => throw new InvalidOperationException($"Unknown terms {unknown.GetType().Name}."),
    };

    private async Task<JobQuote> Promise(SubmitJob command, JobTerms terms)
    {
        // Asked again within a lifetime, the same job has the same quote, and its row is kept once.
        var lifetime = options.Value.QuoteLifetime;
        var period = time.UtcNow().UtcTicks / lifetime.Ticks;
        var expiresAt = new DateTimeOffset((period + 2) * lifetime.Ticks, TimeSpan.Zero);
        var quoteId = DerivedId.From(
            command.AccountId,
            $"quote {command.VideoId} {terms.Audio.Stream} {terms.Language} {terms.Engine} {terms.Profile} {terms.Price.Credits} {expiresAt.UtcTicks}");
        var balance = await GrainFactory.GetGrain<IUserCreditGrain>(command.AccountId).GetBalance(CancellationToken.None);
        var quote = new JobQuote(
            quoteId, command.VideoId, terms.Language, terms.Profile, terms.Engine, terms.Audio.Duration, terms.Price.StartedMinutes,
            terms.Price.PerStartedMinute, terms.Price.Credits, balance.Available, expiresAt, terms.Audio.Stream);
        await store.Save(command.AccountId, quote, terms.Audio);
        return quote;
    }
}
