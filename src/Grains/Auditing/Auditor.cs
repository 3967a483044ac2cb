using System.Data;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using AX2Caption.Storage;
using Npgsql;

namespace AX2Caption.Grains.Auditing;

/// <summary>
/// Checks the whole book against what must hold after any crash. It only reads, from one snapshot for the tables; it is
/// exact on a service at rest, and on a busy one an object may be reported that is being written or deleted right now.
/// </summary>
public sealed class Auditor(NpgsqlDataSource database, IObjectStore objects, TimeProvider time)
{
    /// <summary>More entries than any ledger has.</summary>
    private const long WholeLedger = long.MaxValue / 2;

    /// <summary>Every violation found; none is the only good answer.</summary>
    public async Task<IReadOnlyList<Violation>> Audit(CancellationToken cancellationToken = default)
    {
        List<Violation> violations;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            violations = [
                .. await Check(connection, LedgerRules.All, [null, WholeLedger], cancellationToken),
                .. await Check(connection, JobRules.All, [], cancellationToken),
                .. await Check(connection, AccountRules.All, [], cancellationToken),
                .. await Check(connection, RetentionRules.All, [time.UtcNow()], cancellationToken),
                .. await Check(connection, WebhookRules.All, [], cancellationToken)];
        }

        violations.AddRange(await AuditObjects(cancellationToken));
        return violations;
    }

    /// <summary>Every violation in the ledgers of some accounts; exact also while they are being written.</summary>
    /// <param name="accounts">The accounts.</param>
    /// <param name="depth">How many of each one's last entries are looked at.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IReadOnlyList<Violation>> AuditLedgers(
        IReadOnlyCollection<Guid> accounts, long depth, CancellationToken cancellationToken = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        // What is looked at is little beside what is there: row by row, by index, however the planner guesses.
        await connection.Execute(
            "set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off", [], cancellationToken);
        return await Check(connection, LedgerRules.All, [accounts.ToArray(), depth], cancellationToken);
    }

    private static async Task<List<Violation>> Check(
        NpgsqlConnection connection, IReadOnlyList<AuditRule> rules, object?[] values, CancellationToken cancellationToken)
    {
        var violations = new List<Violation>();
        foreach (var rule in rules)
        {
            violations.AddRange(await connection.Read(
                rule.Sql, values, row => new Violation(rule.Name, row.GetString(0), row.GetString(1)), cancellationToken));
        }

        return violations;
    }

    private async Task<IEnumerable<Violation>> AuditObjects(CancellationToken cancellationToken)
    {
        var violations = new List<Violation>();
        var expected = await ExpectedObjects(cancellationToken);
        var owned = await OwnedPrefixes(cancellationToken);
        await foreach (var stored in objects.List("", cancellationToken))
        {
            expected.Remove(stored.Key);
            if (!OwnersOf(stored.Key).Any(owned.Contains))
            {
                violations.Add(new Violation("object_has_owner", stored.Key, $"{stored.Length} bytes that belong to no living row"));
            }
        }

        return violations.Concat(expected.Select(key => new Violation("row_has_object", key, "a row names it, the store lacks it")));
    }

    /// <summary>Objects without which a row's promise is broken.</summary>
    private async Task<HashSet<string>> ExpectedObjects(CancellationToken cancellationToken) => [.. await database.Read(
        """
        select object_key from video where state in ('probing', 'ready')
          and not exists (select from task t where t.video_id = video.video_id and t.kind = 'probe' and t.state = 'claimed')
        union all
        select output_prefix || name from caption_job
        cross join (values ('transcript.json'), ('captions.srt'), ('captions.vtt')) as output (name)
        where state = 'succeeded' and purged_at is null
        """,
        [],
        row => row.GetString(0),
        cancellationToken)];

    /// <summary>The first part of each key that a row answers for, working files only as long as they are owed their deletion.</summary>
    private async Task<HashSet<string>> OwnedPrefixes(CancellationToken cancellationToken) => [.. await database.Read(
        """
        select 'incoming/' || video_id from video where state in ('uploading', 'probing') or object_key is not null
        union all select 'videos/' || video_id from video where object_key is not null
        union all select 'jobs/' || job_id || '/work' from caption_job where has_work_files
        union all select 'jobs/' || job_id || '/output' from caption_job where state = 'processing' or has_work_files
        union all select rtrim(output_prefix, '/') from caption_job where state = 'succeeded' and purged_at is null
        """,
        [],
        row => row.GetString(0),
        cancellationToken)];

    private static IEnumerable<string> OwnersOf(string key) => key.Split('/') switch
    {
        ["jobs", var job, var area, var token, ..] => [$"jobs/{job}/{area}", $"jobs/{job}/{area}/{token}"],
        [var area, var id, ..] => [$"{area}/{id}"],
        _ => [key],
    };
}
