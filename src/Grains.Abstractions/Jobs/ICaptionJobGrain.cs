using AX2Caption.Grains.Abstractions.Work;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>
/// One captioning job; the key is its id, derived from the account and the client's idempotency key.
/// It is the only door to the job's row and its tasks.
/// </summary>
[Alias("ax2.ICaptionJobGrain")]
public interface ICaptionJobGrain : IGrainWithGuidKey, ITaskOwnerGrain
{
    /// <summary>Holds the credits and queues the job. The same request again meets the same job and charges nothing more.</summary>
    [Alias("Submit")]
    Task<SubmitJobResult> Submit(SubmitJob command);

    /// <summary>The job, if it belongs to the account. One that has ended has settled or released its hold, unless the ledger was away.</summary>
    [Alias("Get")]
    Task<JobResult> Get(Guid accountId, CancellationToken cancellationToken);

    /// <summary>
    /// The job, if it belongs to the account: as soon as its version is beyond <paramref name="knownVersion"/>, or after
    /// <paramref name="wait"/> as it is then. A wait is cut to 10 s. Other calls go on meanwhile.
    /// </summary>
    [AlwaysInterleave, Alias("Watch")]
    Task<JobResult> Watch(Guid accountId, long knownVersion, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Ends a live job and releases its hold. Canceling a canceled job answers with it.</summary>
    [Alias("Cancel")]
    Task<CancelJobResult> Cancel(Guid accountId);

    /// <summary>
    /// Takes the tasks of a live job from their workers and out of their waiting for another attempt, and queues them as if they
    /// had never been tried. For operators.
    /// </summary>
    [Alias("Requeue")]
    Task<RequeueJobResult> Requeue();

    /// <summary>
    /// Ends the job if it lives, and deletes all that is stored of it; its row stays, for the ledger. Called again, it deletes
    /// what was stored since.
    /// </summary>
    [Alias("Purge")]
    Task Purge();

    /// <summary>Finishes what a crash may have interrupted: owed credit operations, overdue deadlines, left-over working files.</summary>
    [Alias("Drive")]
    Task Drive();
}

/// <summary>Says what jobs of one account would cost; the key is the account's id.</summary>
[Alias("ax2.IJobQuoteGrain")]
public interface IJobQuoteGrain : IGrainWithGuidKey
{
    /// <summary>Quotes the job, holding nothing. The <see cref="SubmitJob.QuoteId"/> of the command does not matter.</summary>
    [Alias("Quote")]
    Task<JobQuoteResult> Quote(SubmitJob command);
}

/// <summary>The jobs of one account; the key is the account's id.</summary>
[Alias("ax2.IJobIndexGrain")]
public interface IJobIndexGrain : IGrainWithGuidKey
{
    /// <summary>Jobs from the newest down.</summary>
    [Alias("List")]
    Task<JobPage> List(PageCursor? after, int limit, CancellationToken cancellationToken);
}
