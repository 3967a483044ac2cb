namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>Lets operators look at the jobs of all accounts; the key is 0.</summary>
[Alias("ax2.IJobInspectionGrain")]
public interface IJobInspectionGrain : IGrainWithIntegerKey
{
    /// <summary>Jobs from the newest down.</summary>
    [Alias("Query")]
    Task<JobPage> Query(JobQuery query, CancellationToken cancellationToken);

    /// <summary>One job with all that is known of its work; null if there is none.</summary>
    [Alias("Inspect")]
    Task<JobInspection?> Inspect(Guid jobId, CancellationToken cancellationToken);
}

/// <summary>Which jobs an operator asks for.</summary>
/// <param name="After">Where the page begins; null for the newest.</param>
/// <param name="Limit">Jobs at the most, 1 to 100.</param>
/// <param name="AccountId">Only those of this account; null for all.</param>
/// <param name="States">Only those in one of these states; all without any.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobQuery")]
public sealed record JobQuery(
    [property: Id(0)] PageCursor? After,
    [property: Id(1)] int Limit,
    [property: Id(2)] Guid? AccountId,
    [property: Id(3)] IReadOnlyList<JobState> States);

/// <summary>A job and its work.</summary>
/// <param name="Job">The job.</param>
/// <param name="Credit">What became of its credits: <c>held</c>, <c>settle_owed</c>, <c>release_owed</c>, <c>settled</c>, <c>released</c> or <c>lapsed</c>.</param>
/// <param name="HasWorkFiles">Whether there are working files of it to be deleted at its end.</param>
/// <param name="DeadlineAt">When it fails if it has not ended.</param>
/// <param name="Tasks">Its tasks, those to be done first; not all of very many.</param>
/// <param name="TaskCount">How many tasks it has in all.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobInspection")]
public sealed record JobInspection(
    [property: Id(0)] JobSnapshot Job,
    [property: Id(1)] string Credit,
    [property: Id(2)] bool HasWorkFiles,
    [property: Id(3)] DateTimeOffset DeadlineAt,
    [property: Id(4)] IReadOnlyList<InspectedTask> Tasks,
    [property: Id(5)] int TaskCount);

/// <summary>A task of a job.</summary>
/// <param name="TaskId">Its id.</param>
/// <param name="Kind"><c>prepare</c>, <c>transcribe</c> or <c>compose</c>.</param>
/// <param name="Ordinal">Its number among those of its kind, from 0.</param>
/// <param name="State"><c>queued</c>, <c>claimed</c>, <c>done</c>, <c>failed</c> or <c>canceled</c>.</param>
/// <param name="Attempts">How often it was claimed.</param>
/// <param name="Worker">Who has it; null if nobody.</param>
/// <param name="LeaseExpiresAt">Until when, unless that is renewed; null if nobody has it.</param>
/// <param name="FailureCode">What its last attempt ended with; null if none failed.</param>
/// <param name="AvailableAt">When it may be claimed; null unless it is queued.</param>
/// <param name="EndedAt">When it ended; null before.</param>
[GenerateSerializer, Immutable, Alias("ax2.InspectedTask")]
public sealed record InspectedTask(
    [property: Id(0)] Guid TaskId,
    [property: Id(1)] string Kind,
    [property: Id(2)] int Ordinal,
    [property: Id(3)] string State,
    [property: Id(4)] int Attempts,
    [property: Id(5)] string? Worker,
    [property: Id(6)] DateTimeOffset? LeaseExpiresAt,
    [property: Id(7)] string? FailureCode,
    [property: Id(8)] DateTimeOffset? AvailableAt,
    [property: Id(9)] DateTimeOffset? EndedAt);
