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

    public static async Task Insert(NpgsqlConnection connection, Guid videoId, Guid? jobId, IEnumerable<StoredFile> files, DateTimeOffset now)
    {
        foreach (var file in files)
        {
            await connection.Execute(
                """
                insert into stored_object (object_key, video_id, job_id, length, sha256, created_at)
                values ($1, $2, $3::uuid, $4, $5, $6)
                """,
                [file.Key, videoId, jobId, file.Length, file.Sha256, now]);
        }
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
