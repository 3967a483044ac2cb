using System.Globalization;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Work;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Credits;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;
using Npgsql;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>The service: one Silo as a process, and its callers in this one.</summary>
internal sealed class CreditService : IAsyncDisposable
{
    private readonly CaptionService silo;
    private readonly SiloClient client;
    private readonly CreditCallers callers;
    private readonly NpgsqlDataSource superuser;

    private CreditService(CaptionService silo, SiloClient client, CreditCallers callers, NpgsqlDataSource superuser)
    {
        this.silo = silo;
        this.client = client;
        this.callers = callers;
        this.superuser = superuser;
    }

    public static async Task<CreditService> Start(PostgresServer postgres, int accounts, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        var settings = new Dictionary<string, string>
        {
            ["Cluster__Roles__0"] = "core",
            ["Credits__MaximumOpenHoldsPerAccount"] = "10000000",
            // Tests are in more of a hurry than the product is.
            ["Worker__SweepInterval"] = new WorkOptions().SweepInterval.ToString(),
        };
        var silo = await CaptionService.Prepare(database, new CaptionServiceSettings { Silo = settings }, cancellationToken);
        try
        {
            await silo.StartSilo(cancellationToken);
            var client = await SiloClient.Connect(database, cancellationToken);
            var opened = await OpenedAccounts.Open(database, accounts, CreditCallers.Plenty, cancellationToken);
            var callers = new CreditCallers(client.Grains, database, opened);
            await callers.WakeAll(cancellationToken);
            return new CreditService(silo, client, callers, NpgsqlDataSource.Create(postgres.SuperuserConnectionString()));
        }
        catch
        {
            await silo.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Runs a shape, and notes how many entries shared a commit and for how long a core worked on each, which says where the time
    /// goes even when the machine is busy with other things.
    /// </summary>
    public async Task<Stretch> Run(Shape shape, int inFlight, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(silo.Folder, "silo.pid");
        var siloProcess = int.Parse(await File.ReadAllTextAsync(pidFile, cancellationToken), CultureInfo.InvariantCulture);
        var before = await Look();
        var (measured, operations) = await callers.Run(shape, inFlight, warmUp, duration, cancellationToken);
        var after = await Look();

        var entries = operations * (shape == Shape.Pairs ? 2.0 : 1.0);
        return measured with
        {
            Notes = string.Create(CultureInfo.InvariantCulture, $"; {entries / (after.Commits - before.Commits):0.0} entries a commit; ")
                + $"an entry took {Each(sight => sight.Postgres)} µs of PostgreSQL, {Each(sight => sight.Silo)} of the Silo, "
                + $"{Each(sight => sight.Callers)} of the callers",
        };

        async Task<Sight> Look()
        {
            var sessions = await superuser.Read("select pid from pg_stat_activity", [], row => row.GetInt32(0), cancellationToken);
            // Each transaction that writes takes a number, and no other does.
            var commits = await superuser.Read(
                "select pg_snapshot_xmax(pg_current_snapshot())::text::bigint", [], row => row.GetInt64(0), cancellationToken);
            return new Sight(
                commits[0], ProcessorTime.Of(sessions), ProcessorTime.Of([siloProcess]), ProcessorTime.Of([Environment.ProcessId]));
        }

        string Each(Func<Sight, Dictionary<int, TimeSpan>> processes)
        {
            var worked = ProcessorTime.Between(processes(before), processes(after));
            return (worked.TotalMicroseconds / entries).ToString("0", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>What is broken in the ledger; nothing may be.</summary>
    public Task<IReadOnlyList<Violation>> Audit(CancellationToken cancellationToken) => Book.Audit(silo, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await client.DisposeAsync();
        await silo.DisposeAsync();
        await superuser.DisposeAsync();
    }

    private sealed record Sight(
        long Commits, Dictionary<int, TimeSpan> Postgres, Dictionary<int, TimeSpan> Silo, Dictionary<int, TimeSpan> Callers);
}
