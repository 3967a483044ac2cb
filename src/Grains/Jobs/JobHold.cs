using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Identity;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// A job's hold, from its opening to its end; its id is the job's. Each operation has an id that follows from the job, so that it
/// happens once however often it is asked for.
/// </summary>
internal sealed class JobHold(IGrainFactory grains, IOptions<CreditOptions> options)
{
    public Task<CreditResult> Open(Guid jobId, Guid accountId, long price, DateTimeOffset now) => Credits(accountId).Reserve(new ReserveCredits(
        DerivedId.From(jobId, "reserve"), jobId, price, now + options.Value.HoldLifetime, "Captions are being made."));

    /// <summary>Which extension a live job's hold should have had by now: one for each half of a lifetime, none at first.</summary>
    public int ExtensionDue(CaptionJob job, DateTimeOffset now) => (int)((now - job.CreatedAt) / (options.Value.HoldLifetime / 2));

    /// <summary>Whether the hold is older than its job, which then met it again after a crash.</summary>
    public bool EndsEarly(CaptionJob job, CreditHold hold) => hold.ExpiresAt < job.CreatedAt + options.Value.HoldLifetime;

    /// <param name="job">Live.</param>
    /// <param name="extension">Its number; 0 gives a hold that ends early the time that it should have had at first.</param>
    public Task<CreditResult> Extend(CaptionJob job, int extension)
    {
        // The id follows from the end, not from the number: with another lifetime configured, the same number has another end.
        var end = job.CreatedAt + (options.Value.HoldLifetime * (1 + (extension / 2.0)));
        return Credits(job.AccountId).Extend(new ExtendHold(
            DerivedId.From(job.JobId, $"extend to {end.UtcTicks}"), job.JobId, end, "The job is not done yet."));
    }

    /// <summary>Ends the hold as the job's end demands.</summary>
    public Task<CreditResult> End(CaptionJob job) => job.Credit == JobCredit.SettleOwed
        ? Credits(job.AccountId).Settle(new SettleHold(DerivedId.From(job.JobId, "settle"), job.JobId, job.Price, "Captions were made."))
        : GiveBack(job.JobId, job.AccountId);

    /// <summary>Ends the hold of a job that failed, was canceled or did not come to be.</summary>
    public Task<CreditResult> GiveBack(Guid jobId, Guid accountId) =>
        Credits(accountId).Release(new ReleaseHold(DerivedId.From(jobId, "release"), jobId, "No captions were made."));

    private IUserCreditGrain Credits(Guid accountId) => grains.GetGrain<IUserCreditGrain>(accountId);
}
