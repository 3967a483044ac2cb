using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>Queues a job's tasks anew: those that wait for another attempt, and those that a worker has, whose lease is void by that.</summary>
internal sealed class JobRequeue(NpgsqlDataSource database)
{
    /// <summary>Under the job's lock, so that no report comes between.</summary>
    public Task<RequeuedJob> Requeue(Guid jobId) => database.Transact(async connection =>
    {
        var job = (await connection.Read($"select {JobTable.Columns} from caption_job where job_id = $1 for update", [jobId], JobTable.Row))
            .SingleOrDefault();
        var tasks = job is not { IsLive: true } ? 0 : await connection.Execute(
            """
            update task
            set state = 'queued', attempt = 0, available_at = now(), worker = null, lease_token = null, lease_expires_at = null, failure_code = null,
                outages = 0
            where job_id = $1 and (state = 'claimed' or (state = 'queued' and (attempt > 0 or available_at > now())))
            """,
            [jobId]);
        return new RequeuedJob(job, tasks);
    });
}

/// <param name="Job">The job; null if there is none.</param>
/// <param name="Tasks">How many of its tasks are queued anew.</param>
internal sealed record RequeuedJob(CaptionJob? Job, int Tasks);
