using System.Diagnostics;
using System.Globalization;
using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>
/// What a plain backend does: each operation is a transaction that locks the account's row, changes the balance and writes the
/// reservation and a line of the ledger. PostgreSQL's own pgbench runs it, with prepared statements, in C: no client costs less.
/// There is no key against repeated requests, which the service has; the comparison is in the row locks' favour there.
/// </summary>
internal sealed class RowLocks
{
    private const string Program = "/usr/lib/postgresql/15/bin/pgbench";

    /// <summary>Of a line of pgbench's log: client, number, microseconds, …</summary>
    private const int LatencyColumn = 2;

    private const string Schema = """
        create table balance (
            account_id bigint primary key,
            available  bigint not null check (available >= 0),
            reserved   bigint not null check (reserved >= 0)
        ) with (fillfactor = 50); -- room for heap-only updates

        create table reservation (
            reservation_id bigint generated always as identity primary key,
            account_id     bigint not null references balance,
            amount         bigint not null check (amount > 0),
            state          text not null default 'open' check (state in ('open', 'settled', 'released')),
            created_at     timestamptz not null default now()
        );
        create index on reservation (account_id) where state = 'open';

        create table ledger_line (
            line_id         bigint generated always as identity primary key,
            account_id      bigint not null references balance,
            reservation_id  bigint not null references reservation,
            kind            text not null check (kind in ('reserve', 'settle', 'release')),
            amount          bigint not null,
            available_after bigint not null,
            reserved_after  bigint not null,
            at              timestamptz not null default now()
        );
        create index on ledger_line (account_id, line_id);

        insert into balance select id, 1000000000, 0 from generate_series(1, {0}) as id;
        analyze balance;
        """;

    private const string Reserve = """
        begin;
        select available, reserved from balance where account_id = :account for update \gset
        update balance set available = available - 1, reserved = reserved + 1 where account_id = :account;
        insert into reservation (account_id, amount) values (:account, 1) returning reservation_id \gset
        insert into ledger_line (account_id, reservation_id, kind, amount, available_after, reserved_after)
            values (:account, :reservation_id, 'reserve', 1, cast(:available as bigint) - 1, cast(:reserved as bigint) + 1);
        commit;

        """;

    private const string Settle = """
        begin;
        select available, reserved from balance where account_id = :account for update \gset
        update reservation set state = 'settled' where reservation_id = :reservation_id and state = 'open';
        update balance set reserved = reserved - 1 where account_id = :account;
        insert into ledger_line (account_id, reservation_id, kind, amount, available_after, reserved_after)
            values (:account, :reservation_id, 'settle', 1, :available, cast(:reserved as bigint) - 1);
        commit;

        """;

    private readonly NpgsqlConnectionStringBuilder connection;
    private readonly WorkFolder folder;
    private readonly int accounts;

    private RowLocks(NpgsqlConnectionStringBuilder connection, WorkFolder folder, int accounts)
    {
        this.connection = connection;
        this.folder = folder;
        this.accounts = accounts;
    }

    /// <summary>Makes the tables in a database of their own.</summary>
    public static async Task<RowLocks> Prepare(
        PostgresServer postgres, WorkFolder folder, int accounts, CancellationToken cancellationToken)
    {
        var owner = (await postgres.CreateEmptyDatabase(cancellationToken)).OwnerConnectionString;
        await using var database = NpgsqlDataSource.Create(owner);
        await using var command = database.CreateCommand(string.Format(CultureInfo.InvariantCulture, Schema, accounts));
        await command.ExecuteNonQueryAsync(cancellationToken);
        return new RowLocks(new NpgsqlConnectionStringBuilder(owner), folder, accounts);
    }

    /// <summary>Runs a shape with so many clients, first to warm up, then to measure.</summary>
    public async Task<Stretch> Run(Shape shape, int clients, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var script = folder.File($"{shape}.sql");
        var account = shape == Shape.Hot ? "\\set account 1\n" : $"\\set account random(1, {accounts})\n";
        await File.WriteAllTextAsync(script, account + Reserve + (shape == Shape.Pairs ? Settle : ""), cancellationToken);

        await Pgbench(script, clients, warmUp, [], cancellationToken);
        var log = folder.Folder($"pgbench-{Guid.CreateVersion7():N}");
        await Pgbench(script, clients, duration, ["--log", $"--log-prefix={Path.Combine(log, "log")}"], cancellationToken);

        var latencies = Stretch.NewLatencies();
        foreach (var line in Directory.EnumerateFiles(log).SelectMany(File.ReadLines))
            latencies.RecordValue(long.Parse(line.Split(' ')[LatencyColumn], CultureInfo.InvariantCulture));
        Directory.Delete(log, recursive: true);
        return new Stretch(duration, latencies);
    }

    private async Task Pgbench(
        string script, int clients, TimeSpan duration, IReadOnlyList<string> more, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Program,
        [
            "--no-vacuum", "--protocol=prepared", $"--client={clients}", $"--jobs={Environment.ProcessorCount}",
            string.Create(CultureInfo.InvariantCulture, $"--time={duration.TotalSeconds:0}"), $"--file={script}", .. more,
            $"--host={connection.Host}", $"--port={connection.Port}", $"--username={connection.Username}", connection.Database!,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);
        start.Environment["PGPASSWORD"] = connection.Password;

        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"pgbench ended with {process.ExitCode}:\n{await output}{await error}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }
}
