using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Jobs;

/// <summary>What was seen of an account's jobs since this process began to watch them.</summary>
/// <param name="Position">Up to where they were looked at; null before the first look.</param>
/// <param name="Changes">How many changes were seen; each change has its number.</param>
/// <param name="Newest">By job, its last change.</param>
/// <param name="Forgotten">The last change that is not kept any more; 0 for none.</param>
internal sealed record JobFeed(long? Position, long Changes, ImmutableDictionary<Guid, JobChange> Newest, long Forgotten = 0)
{
    /// <summary>How long an end is kept for connections that are busy with what came before.</summary>
    private static readonly TimeSpan KeepEnds = TimeSpan.FromMinutes(2);

    public static JobFeed Unseen { get; } = new(null, 0, ImmutableDictionary<Guid, JobChange>.Empty);

    /// <summary>The state after another look. What the first look shows is no change: whoever begins to watch looks for itself.</summary>
    public JobFeed After(JobChanges look, DateTimeOffset now)
    {
        if (Position is null)
            return this with { Position = look.Position };

        var newest = Newest.ToBuilder();
        var number = Changes;
        foreach (var job in look.Jobs)
        {
            if (!newest.TryGetValue(job.JobId, out var known) || job.Version > known.Job.Version)
                newest[job.JobId] = new JobChange(++number, job, now);
        }

        var forgotten = Forgotten;
        foreach (var (id, change) in newest.Where(change => change.Value.Job.HasEnded && now - change.Value.SeenAt > KeepEnds).ToList())
        {
            newest.Remove(id);
            forgotten = Math.Max(forgotten, change.Number);
        }

        return new JobFeed(look.Position, number, newest.ToImmutable(), forgotten);
    }

    /// <summary>Whether there may have been changes after one that are not known any more.</summary>
    public bool LacksSome(long change) => change < Forgotten;

    /// <summary>The changes after one, in their order.</summary>
    public IReadOnlyList<JobSnapshot> Since(long change) =>
        [.. Newest.Values.Where(newer => newer.Number > change).OrderBy(newer => newer.Number).Select(newer => newer.Job)];
}

/// <param name="Number">Its number.</param>
/// <param name="Job">The job after it.</param>
/// <param name="SeenAt">When it was seen.</param>
internal sealed record JobChange(long Number, JobSnapshot Job, DateTimeOffset SeenAt);
