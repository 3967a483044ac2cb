using Orleans.Concurrency;

namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>What happens to the jobs of one account; the key is the account's id. It looks while somebody waits, and holds nothing.</summary>
[Alias("ax2.IJobFeedGrain")]
public interface IJobFeedGrain : IGrainWithGuidKey
{
    /// <summary>
    /// The jobs that changed since <paramref name="position"/>, each as it is now: as soon as there are some, or none after
    /// <paramref name="wait"/>, which is cut to 10 s. Without a position, the live jobs at once. A change may be told again; none is
    /// left out that was committed before the call where there is no wait, or before the next call where there is one.
    /// </summary>
    /// <param name="position">Of an earlier answer. One that no answer can have had is as none.</param>
    /// <param name="wait">How long to wait for a change.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("Next"), AlwaysInterleave]
    Task<JobChanges> Next(long? position, TimeSpan wait, CancellationToken cancellationToken);
}

/// <summary>Jobs that changed.</summary>
/// <param name="Jobs">Each once, the one that changed last at the end.</param>
/// <param name="Position">Up to where they were looked for.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobChanges")]
public sealed record JobChanges([property: Id(0)] IReadOnlyList<JobSnapshot> Jobs, [property: Id(1)] long Position);
