using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>
/// The rows of the objects that last: written in the commit that names them, taken away when they are deleted. The receipt of
/// their video, if it has one by then, counts them in the same commit: each once, wherever a crash falls.
/// </summary>
internal static class StoredObjects
{
    private const string Count = """
        update deletion_receipt r set objects = r.objects + gone.objects, bytes = r.bytes + gone.bytes
        from (select video_id, count(*)::int as objects, sum(length)::bigint as bytes from forgotten group by video_id) gone
        where r.video_id = gone.video_id
        """;

    public static void Insert(SqlBatch batch, IReadOnlyList<NewObject> objects, DateTimeOffset now)
    {
        if (objects.Count == 0)
        {
            return;
        }

        batch.Execute(
            """
            insert into stored_object (object_key, video_id, job_id, length, sha256, created_at)
            select object_key, video_id, job_id, length, sha256, $6
            from unnest($1::text[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bytea[]) as t (object_key, video_id, job_id, length, sha256)
            """,
            [
                objects.Select(added => added.File.Key).ToArray(),
                objects.Select(added => added.VideoId).ToArray(),
                objects.Select(added => added.JobId).ToArray(),
                objects.Select(added => added.File.Length).ToArray(),
                objects.Select(added => added.File.Sha256).ToArray(),
                now,
            ]);
    }

    /// <summary>The video's own objects are deleted; those of its jobs are their own matter.</summary>
    public static Task<int> ForgetVideo(NpgsqlConnection connection, Guid videoId) => connection.Execute(
        $"""
        with forgotten as (delete from stored_object where video_id = $1 and job_id is null returning video_id, length)
        {Count}
        """,
        [videoId]);

    /// <summary>The job's objects are deleted.</summary>
    public static Task<int> ForgetJob(NpgsqlConnection connection, Guid jobId) => connection.Execute(
        $"""
        with forgotten as (delete from stored_object where job_id = $1 returning video_id, length)
        {Count}
        """,
        [jobId]);
}

/// <summary>An object that is to last, and whose it is.</summary>
/// <param name="VideoId">The video that it came of.</param>
/// <param name="JobId">The job that made it; null if it is the video's own.</param>
/// <param name="File">What it is.</param>
internal sealed record NewObject(Guid VideoId, Guid? JobId, StoredFile File);
