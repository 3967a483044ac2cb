using AX2Caption.Grains.Database;
using AX2Caption.Grains.Videos;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Reads what there is before a job is submitted: the job itself, if it was before, how much else its account has under way, and its video.
/// The submissions of this silo that come at the same moment share a look.
/// </summary>
internal sealed class SubmissionReader : IAsyncDisposable
{
    private readonly NpgsqlDataSource database;
    private readonly GroupCommit<Submission, BeforeSubmission> looks;

    public SubmissionReader(WorkDatabase database, IOptions<JobWriterOptions> options)
    {
        this.database = database.Source;
        looks = new(Look, submission => submission.JobId, options.Value.Sharing);
    }

    public Task<BeforeSubmission> Look(Guid jobId, Guid accountId, Guid videoId) => looks.Write(new Submission(jobId, accountId, videoId));

    public ValueTask DisposeAsync() => looks.DisposeAsync();

    private async Task<IReadOnlyList<BeforeSubmission>> Look(IReadOnlyList<Submission> submissions)
    {
        await using var connection = await database.OpenConnectionAsync();
        var batch = new SqlBatch(connection);
        var jobs = batch.Read(
            $"""
            select {JobTable.Columns},
                   (select count(*) from caption_job live where live.account_id = asked.owner and live.state in ('queued', 'processing'))
            from unnest($1::uuid[], $2::uuid[]) with ordinality as asked (id, owner, place) left join caption_job on job_id = asked.id
            order by place
            """,
            [submissions.Select(one => one.JobId).ToArray(), submissions.Select(one => one.AccountId).ToArray()],
            row => (Job: row.IsDBNull(0) ? null : JobTable.Row(row), Live: (int)row.GetInt64(JobTable.Width)));
        var videos = VideoStore.Read(batch, submissions.Select(one => one.VideoId).Distinct());
        await batch.Run();
        var videoOf = videos.Value.ToDictionary(video => video.VideoId);
        return [.. submissions.Zip(jobs.Value, (asked, found) => new BeforeSubmission(found.Job, found.Live, videoOf.GetValueOrDefault(asked.VideoId)))];
    }

    private sealed record Submission(Guid JobId, Guid AccountId, Guid VideoId);
}

/// <summary>What there is before a job is submitted.</summary>
/// <param name="Job">The job, if it was submitted before.</param>
/// <param name="Live">How many live jobs the account has.</param>
/// <param name="Video">The video, whosever it is.</param>
internal sealed record BeforeSubmission(CaptionJob? Job, int Live, Video? Video);
