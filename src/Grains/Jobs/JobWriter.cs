using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Webhooks;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Changes jobs. Each row is read under its lock, decided on and written back, together with its tasks and files; the jobs of
/// this silo that are at it at the same moment share a transaction.
/// </summary>
internal sealed class JobWriter : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly TimeProvider time;
    private readonly GroupCommit<NewJob, JobInsertion> insertions;
    private readonly GroupCommit<JobChange, JobChanged> changes;

    public JobWriter(WorkDatabase database, IOptions<JobWriterOptions> options, TimeProvider time)
    {
        (this.database, this.time) = (database.Source, time);
        insertions = new(Insert, added => added.Job.JobId, options.Value.Sharing);
        changes = new(Write, change => change.JobId, options.Value.Sharing);
    }

    /// <summary>Inserts a new job with its first task.</summary>
    public Task<JobInsertion> Insert(CaptionJob job, NewTask first) => insertions.Write(new NewJob(job, first));

    /// <summary>Lets <paramref name="decide"/> see the job, and writes what it answers; null leaves it alone.</summary>
    /// <returns>The job as it stands after that; null if there is none.</returns>
    public async Task<CaptionJob?> Change(Guid jobId, Func<CaptionJob, CaptionJob?> decide) =>
        (await changes.Write(new JobChange(jobId, decide, Step: null))).Job;

    /// <summary>Writes a step of one of the job's tasks together with what it means for the job.</summary>
    /// <param name="jobId">Whose task it is.</param>
    /// <param name="step">What is said of the task.</param>
    /// <param name="decide">What it means, if it counts.</param>
    /// <param name="follow">The tasks that come after it.</param>
    /// <param name="files">What it left that is to last.</param>
    public Task<JobChanged> Report(
        Guid jobId,
        TaskStep step,
        Func<CaptionJob, CaptionJob?> decide,
        Func<CaptionJob, IReadOnlyList<NewTask>>? follow = null,
        IReadOnlyList<StoredFile>? files = null) => changes.Write(new JobChange(jobId, decide, step, follow, files));

    /// <summary>Nothing is stored of the job any more.</summary>
    public Task ForgetFiles(Guid jobId) => database.Transact(async connection => await StoredObjects.ForgetJob(connection, jobId));

    public async ValueTask DisposeAsync()
    {
        await insertions.DisposeAsync();
        await changes.DisposeAsync();
    }

    private Task<IReadOnlyList<JobInsertion>> Insert(IReadOnlyList<NewJob> added) => database.Transact<IReadOnlyList<JobInsertion>>(async connection =>
    {
        var answers = await JobTable.Insert(connection, [.. added.Select(one => one.Job)]);
        await connection.InOneGo(batch => TaskTable.Insert(
            batch, [.. added.Where((_, i) => answers[i] == JobInsertion.Inserted).Select(one => one.First)]));
        return answers;
    });

    private Task<IReadOnlyList<JobChanged>> Write(IReadOnlyList<JobChange> wanted) => database.Transact<IReadOnlyList<JobChanged>>(async connection =>
    {
        var (jobs, reports) = await LockAndReport(connection, wanted);
        var saved = new List<(JobChange Change, CaptionJob Before, CaptionJob After)>();
        foreach (var change in wanted)
        {
            var counts = change.Step is null || reports.GetValueOrDefault(change.JobId, TaskReport.Stale) == TaskReport.Changed;
            if (counts && jobs.TryGetValue(change.JobId, out var before) && change.Decide(before) is { } after)
            {
                saved.Add((change, before, after));
                jobs[change.JobId] = after;
            }
        }

        await connection.InOneGo(batch => Save(batch, saved));
        return [.. wanted.Select(change => new JobChanged(
            change.Step is null ? null : reports.GetValueOrDefault(change.JobId, TaskReport.Stale), jobs.GetValueOrDefault(change.JobId)))];
    });

    /// <summary>The jobs as they are under their locks, and what became of the steps, by job.</summary>
    private static async Task<(Dictionary<Guid, CaptionJob> Jobs, Dictionary<Guid, TaskReport> Reports)> LockAndReport(
        NpgsqlConnection connection, IReadOnlyList<JobChange> wanted)
    {
        var batch = new SqlBatch(connection);
        var steps = wanted.Where(change => change.Step is not null).ToList();
        var jobs = JobTable.Lock(batch, wanted.Select(change => change.JobId));
        var reports = TaskTable.Report(batch, [.. steps.Select(change => change.Step!)]);
        await batch.Run();
        return (
            jobs.Value.ToDictionary(job => job.JobId),
            steps.Zip(reports.Value).ToDictionary(pair => pair.First.JobId, pair => pair.Second));
    }

    private void Save(SqlBatch batch, IReadOnlyList<(JobChange Change, CaptionJob Before, CaptionJob After)> saved)
    {
        JobTable.Save(batch, [.. saved.Select(one => (one.Before, one.After))]);
        WebhookEvents.Insert(batch, saved.Select(one => (one.Before, one.After)));
        TaskTable.CancelAll(batch, [.. saved.Where(one => one.Before.IsLive && !one.After.IsLive).Select(one => one.After.JobId)]);
        TaskTable.Insert(batch, [.. saved.SelectMany(one => one.Change.Follow?.Invoke(one.After) ?? [])]);
        StoredObjects.Insert(
            batch,
            [.. saved.SelectMany(one => one.Change.Files ?? [], (one, file) => new NewObject(one.After.VideoId, one.After.JobId, file))],
            time.UtcNow());
    }

    private sealed record NewJob(CaptionJob Job, NewTask First);

    private sealed record JobChange(
        Guid JobId,
        Func<CaptionJob, CaptionJob?> Decide,
        TaskStep? Step,
        Func<CaptionJob, IReadOnlyList<NewTask>>? Follow = null,
        IReadOnlyList<StoredFile>? Files = null);
}

/// <summary>What became of a change.</summary>
/// <param name="Report">Whether the step of a task counted; null if it was about none.</param>
/// <param name="Job">The job as it stands now; null if there is none.</param>
internal sealed record JobChanged(TaskReport? Report, CaptionJob? Job)
{
    public TaskVerdict Verdict => (Report ?? TaskReport.Changed).Verdict();
}
