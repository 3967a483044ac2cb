using System.Security.Cryptography;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using AX2Caption.Storage;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>
/// Compares the object store and the tables both ways, beside a service that goes on. A row is written after its object and
/// taken away after it; whose an object is, is known before its first byte. So each side is read before the other, and what
/// seems to differ is looked at once more: a difference that is only somebody's work under way has passed by then, or the
/// tables say that it is under way.
/// </summary>
public sealed class StorageVerifier(NpgsqlDataSource database, IObjectStore objects, TimeProvider time)
{
    /// <summary>A row names an object that is not there.</summary>
    public const string Missing = "object_missing";

    /// <summary>An object is longer or shorter than its row says.</summary>
    public const string LengthDiffers = "object_length_differs";

    /// <summary>An object has other bytes than its row says.</summary>
    public const string ContentDiffers = "object_content_differs";

    /// <summary>An object belongs to nothing that lives.</summary>
    public const string Orphan = "object_without_owner";

    /// <summary>A write in several goes belongs to no upload.</summary>
    public const string OrphanedWrite = "unfinished_write_without_owner";

    /// <summary>What is younger may be a worker's that has not learned yet that its work is canceled, and is not reported.</summary>
    internal static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    private const int BatchSize = 500;

    /// <summary>Compares all.</summary>
    /// <param name="content">Whether every object that has a row is read, and its SHA-256 compared.</param>
    /// <param name="repair">Whether what belongs to nothing, and is older than an hour, is deleted.</param>
    /// <param name="report">Hears of each difference when it is found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StorageComparison> Verify(
        bool content, bool repair, Func<StorageFinding, Task> report, CancellationToken cancellationToken)
    {
        long findings = 0;
        var rows = await VerifyRows(content, Count, cancellationToken);
        var stored = await VerifyStore(objects.List("", cancellationToken), unfinished: false, repair, Count, cancellationToken);
        var unfinished = await VerifyStore(objects.ListUnfinished(cancellationToken), unfinished: true, repair, Count, cancellationToken);
        return new StorageComparison(stored + unfinished, rows, findings);

        Task Count(StorageFinding finding)
        {
            findings++;
            return report(finding);
        }
    }

    /// <summary>Every row's object is there as it should be.</summary>
    private async Task<long> VerifyRows(bool content, Func<StorageFinding, Task> report, CancellationToken cancellationToken)
    {
        long count = 0;
        for (var after = ""; ;)
        {
            var rows = await ReadRows("o.object_key > $1", after, cancellationToken);
            foreach (var row in rows)
            {
                var finding = await Compare(row, content, cancellationToken);
                // A deletion says in the tables that it is under way before it takes the first object.
                if (finding is not null && (await ReadRows("o.object_key = $1", row.Key, cancellationToken)).Count > 0)
                {
                    await report(finding);
                }
            }

            count += rows.Count;
            if (rows.Count < BatchSize)
            {
                return count;
            }

            after = rows[^1].Key;
        }
    }

    private async Task<StorageFinding?> Compare(NamedObject row, bool content, CancellationToken cancellationToken)
    {
        if (await objects.Stat(row.Key, cancellationToken) is not { } stored)
        {
            return new StorageFinding(Missing, row.Key, $"a row names it, {row.Length} bytes long");
        }

        if (stored.Length != row.Length)
        {
            return new StorageFinding(LengthDiffers, row.Key, $"{stored.Length} bytes long; its row says {row.Length}");
        }

        return content && await Hash(row.Key, cancellationToken) is { } actual && !actual.AsSpan().SequenceEqual(row.Sha256)
            ? new StorageFinding(
                ContentDiffers, row.Key, $"SHA-256 {Convert.ToHexStringLower(actual)}; its row says {Convert.ToHexStringLower(row.Sha256)}")
            : null;
    }

    /// <returns>Null if it went away in the meantime; a look at its row tells whether it should have.</returns>
    private async Task<byte[]?> Hash(string key, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = await objects.OpenRead(key, 0, null, cancellationToken);
            return await SHA256.HashDataAsync(content, cancellationToken);
        }
        catch (ObjectNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Every object belongs to something that lives, or is so young that it may yet be told of.</summary>
    private async Task<long> VerifyStore(
        IAsyncEnumerable<StoredObject> store, bool unfinished, bool repair, Func<StorageFinding, Task> report, CancellationToken cancellationToken)
    {
        long count = 0;
        await foreach (var batch in store.Chunk(BatchSize).WithCancellation(cancellationToken))
        {
            count += batch.Length;
            var old = batch.Where(stored => stored.WrittenAt < time.UtcNow() - Grace).ToList();
            foreach (var stored in await WithoutOwner(old, unfinished, cancellationToken))
            {
                // Deleted with its owner in the meantime, as it should be.
                if (!unfinished && await objects.Stat(stored.Key, cancellationToken) is null)
                {
                    continue;
                }

                await report(await Describe(stored, unfinished, repair, cancellationToken));
            }
        }

        return count;
    }

    private async Task<StorageFinding> Describe(StoredObject stored, bool unfinished, bool repair, CancellationToken cancellationToken)
    {
        // Nothing that is over comes to life again, so that what belongs to nothing now never will.
        if (repair && unfinished)
        {
            await objects.Abandon(stored.Key, WriteCheckpoint.Start, cancellationToken);
        }
        else if (repair)
        {
            await objects.Delete(stored.Key, cancellationToken);
        }

        return new StorageFinding(
            unfinished ? OrphanedWrite : Orphan, stored.Key, $"{stored.Length} bytes since {stored.WrittenAt:u} that belong to nothing", repair);
    }

    /// <summary>Those objects that belong to no row, and to no video or job whose work or deletion is under way.</summary>
    private async Task<List<StoredObject>> WithoutOwner(
        IReadOnlyList<StoredObject> batch, bool unfinished, CancellationToken cancellationToken)
    {
        const string Owned = """
            select s.key from unnest($1::text[], $2::text[], $3::uuid[]) s (key, area, id)
            where exists (select from stored_object o where o.object_key = s.key and not $4)
               or exists (select from video v where v.video_id = s.id and s.area in ('incoming', 'videos')
                          and (v.state in ('uploading', 'probing')
                               or (v.state = 'ready' and v.object_key = s.key)
                               or (v.state in ('rejected', 'deleted') and v.object_key is not null)
                               or exists (select from deletion_receipt r where r.video_id = v.video_id and r.completed_at is null)))
               or exists (select from caption_job j where j.job_id = s.id and s.area in ('work', 'output')
                          and (j.state in ('queued', 'processing')
                               or j.has_work_files
                               or (j.state = 'succeeded' and j.purged_at is null and starts_with(s.key, j.output_prefix))
                               or exists (select from deletion_receipt r where r.video_id = j.video_id and r.completed_at is null)))
            """;
        if (batch.Count == 0)
        {
            return [];
        }

        var owners = batch.Select(stored => OwnerOf(stored.Key)).ToList();
        var owned = (await database.Read(
            Owned,
            [
                batch.Select(stored => stored.Key).ToArray(), owners.Select(owner => owner.Area).ToArray(),
                owners.Select(owner => owner.Id).ToArray(), unfinished,
            ],
            row => row.GetString(0),
            cancellationToken)).ToHashSet(StringComparer.Ordinal);
        return [.. batch.Where(stored => !owned.Contains(stored.Key))];
    }

    /// <summary>What the first parts of a key say of whose it is.</summary>
    private static (string Area, Guid Id) OwnerOf(string key) => key.Split('/') switch
    {
        ["incoming", var id] when Guid.TryParse(id, out var video) => ("incoming", video),
        ["videos", var id, _, ..] when Guid.TryParse(id, out var video) => ("videos", video),
        ["jobs", var id, ("work" or "output") and var area, _, ..] when Guid.TryParse(id, out var job) => (area, job),
        _ => ("", Guid.Empty),
    };

    /// <summary>Rows whose objects must be there: not those of a video that is deleted or a job that is purged.</summary>
    private Task<List<NamedObject>> ReadRows(string which, string key, CancellationToken cancellationToken) => database.Read(
        $"""
        select o.object_key, o.length, o.sha256
        from stored_object o join video v using (video_id) left join caption_job j using (job_id)
        where {which} and v.state <> 'deleted' and j.purged_at is null
        order by o.object_key
        limit {BatchSize}
        """,
        [key],
        row => new NamedObject(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
        cancellationToken);

    private sealed record NamedObject(string Key, long Length, byte[] Sha256);
}
