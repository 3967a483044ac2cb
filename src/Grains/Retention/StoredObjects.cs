using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>The rows of the objects that last: written in the commit that names them, taken away when they are deleted.</summary>
internal static class StoredObjects
{
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

    public static Task<int> ForgetVideo(NpgsqlConnection connection, Guid videoId) =>
        connection.Execute("delete from stored_object where video_id = $1 and job_id is null", [videoId]);

    public static Task<int> ForgetJob(NpgsqlConnection connection, Guid jobId) =>
        connection.Execute("delete from stored_object where job_id = $1", [jobId]);
}
