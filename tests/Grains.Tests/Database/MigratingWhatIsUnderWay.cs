using AX2Caption.Silo.Migrations;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>A schema changes under jobs that are under way, not only under empty tables.</summary>
public sealed class MigratingWhatIsUnderWay(PostgresFixture postgres)
{
    private const string Before = """
        insert into account (account_id, kind, created_at) values ('00000000-0000-0000-0000-00000000000a', 'guest', now());
        insert into video (video_id, account_id, version, state, file_name, created_at, changed_at)
        select md5('video' || i)::uuid, '00000000-0000-0000-0000-00000000000a', 1, 'deleted', 'a', now(), now() from generate_series(1, 2) i;
        insert into caption_job (job_id, account_id, video_id, version, state, stage, language, profile, request_hash, price, credit_state,
                                 duration_ms, chunks_total, has_work_files, deadline_at, created_at, started_at)
        select md5('job' || i)::uuid, '00000000-0000-0000-0000-00000000000a', md5('video' || i)::uuid, 3, 'processing', 'transcribe', 'en', 'bbc', sha256('a'),
               1, 'held', i * 200000, 3, true, now(), '2026-03-01 12:00Z', now()
        from generate_series(1, 2) i;
        insert into task (task_id, kind, account_id, video_id, job_id, ordinal, input, state, attempt, worker, lease_token, lease_expires_at, ended_at)
        select gen_random_uuid(), 'transcribe', '00000000-0000-0000-0000-00000000000a', md5('video' || job)::uuid, md5('job' || job)::uuid, i,
               jsonb_build_object('type', 'transcribe', 'startMs', i * 40000, 'endMs', (i + 1) * 40000), state, 1, 'w', gen_random_uuid(), now(),
               case when state = 'done' then now() end
        from generate_series(1, 2) job, unnest(array['done', 'claimed', 'queued']) with ordinality as chunk (state, i);
        insert into task (task_id, kind, account_id, video_id, input, state)
        values (gen_random_uuid(), 'probe', '00000000-0000-0000-0000-00000000000a', md5('video1')::uuid, '{"type": "probe"}', 'queued');
        insert into worker (worker, slots, seen_at) values ('w', 1, now());
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tasks_that_wait_or_are_at_work_have_their_cost_their_turn_and_their_urgency()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await using var connection = await source.OpenConnectionAsync(Ct);
        await SchemaJournal.Create(connection, Ct);

        foreach (var script in MigrationScripts.All)
        {
            if (script.Name.Contains("0011_", StringComparison.Ordinal))
                await Run(connection, Before);
            await Run(connection, script.Contents);
        }

        // Of five minutes and less is the first job; what is done keeps what it had.
        Assert.Equal(
            ["claimed 40 t t", "claimed 40 f t", "done 1 f f", "done 1 f f", "queued 1 t f", "queued 40 t t", "queued 40 f t"],
            await Sql.Column<string>(database.OwnerConnectionString, """
                select format('%s %s %s %s', state, cost, urgent, since = '2026-03-01 12:00Z') from task
                order by state, cost, urgent desc
                """, Ct));
        Assert.Equal(["0"], await Sql.Column<string>(database.OwnerConnectionString, "select virtual_time::text from work_share", Ct));
        Assert.Equal(["t t", "t t"], await Sql.Column<string>(database.OwnerConnectionString, "select format('%s %s', has_reminder, changed_xact > 0) from caption_job", Ct));
        Assert.Equal(["0 "], await Sql.Column<string>(database.OwnerConnectionString, "select distinct format('%s %s', outages, engine) from task join caption_job using (job_id)", Ct));
        Assert.Equal(["t"], await Sql.Column<string>(database.OwnerConnectionString, "select is_core::text::char from worker", Ct));
    }

    private static async Task Run(NpgsqlConnection connection, string sql)
    {
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Ct);
        await transaction.CommitAsync(Ct);
    }
}
