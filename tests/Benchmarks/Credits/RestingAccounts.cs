using System.Diagnostics;
using AX2Caption.Grains;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Database;
using AX2Caption.Storage;
using AX2Caption.Testing;
using AX2Caption.Testing.Credits;
using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>
/// What accounts cost that nobody uses at the moment: their grains' memory, and the first call after a rest. The silo is in this process.
/// </summary>
internal sealed class RestingAccounts : IAsyncDisposable
{
    /// <summary>Entries of a long history: a grant, and a reserve and a settle for each hold.</summary>
    public const int LongHistory = (2 * Holds) + 1;

    private const int Holds = 50_000;
    private const int AccountsOfEachAge = 10;
    private const int Awakenings = 12;
    private const int Activations = 20_000;
    private const int CallsInFlight = 64;

    private readonly IHost host;
    private readonly TestDatabase database;

    private RestingAccounts(IHost host, TestDatabase database)
    {
        this.host = host;
        this.database = database;
    }

    private IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<RestingAccounts> Start(TestDatabase database, WorkFolder folder, CancellationToken cancellationToken)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?> { ["Storage:Root"] = folder.Folder("resting") });
        builder.Services.AddLogging();
        builder.Services.AddNpgsqlDataSource(database.SiloConnectionString);
        builder.Services.AddObjectStore();
        builder.Services.AddWriters(database.SiloConnectionString);
        builder.Services.AddGrainServices();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(FreePort.Find(), FreePort.Find())
            .AddMemoryGrainStorageAsDefault()
            .UseInMemoryReminderService()
            .AddGrainCallFilters());
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new RestingAccounts(host, database);
    }

    /// <returns>Managed bytes that an account's activation keeps alive.</returns>
    public async Task<double> MeasureBytes(CancellationToken cancellationToken)
    {
        // What the first of their kind bring along, such as compiled code and buffers, is there before.
        await AskAll(await OpenedAccounts.Open(database, Activations / 10, 1, cancellationToken), cancellationToken);
        var accounts = await OpenedAccounts.Open(database, Activations, 1, cancellationToken);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await AskAll(accounts, cancellationToken);
        var after = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(accounts);
        return (after - before) / (double)Activations;
    }

    /// <returns>Medians of the first call, for accounts with one entry and for accounts with <see cref="LongHistory"/>.</returns>
    public async Task<(TimeSpan One, TimeSpan Long)> MeasureAwakening(CancellationToken cancellationToken)
    {
        var young = await OpenedAccounts.Open(database, AccountsOfEachAge, 1, cancellationToken);
        var old = await OpenedAccounts.Open(database, AccountsOfEachAge, Holds + 1, cancellationToken);
        await Age(old, cancellationToken);

        var (youngTook, oldTook) = (new List<TimeSpan>(), new List<TimeSpan>());
        // The first time is to warm up.
        for (var time = 0; time <= Awakenings; time++)
        {
            await Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, cancellationToken);
            foreach (var (youngAccount, oldAccount) in young.Zip(old))
            {
                cancellationToken.ThrowIfCancellationRequested();
                var (youngTime, oldTime) = (await TimeOf(youngAccount), await TimeOf(oldAccount));
                if (time == 0)
                    continue;
                youngTook.Add(youngTime);
                oldTook.Add(oldTime);
            }
        }

        return (Median(youngTook), Median(oldTook));
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
    }

    /// <summary>Gives each account its history, all of it over: one hold after the other, each settled.</summary>
    private async Task Age(IReadOnlyList<Guid> accounts, CancellationToken cancellationToken)
    {
        const string Sql = """
            with step as materialized (
                select account_id, i, md5(account_id::text || i)::uuid as hold_id
                from unnest($1::uuid[]) as account_id, generate_series(1, $2) as i),
            hold as (
                insert into credit_hold (account_id, hold_id, amount, state, expires_at)
                select account_id, hold_id, 1, 'settled', now() from step),
            moved as (
                update credit_account set seq = 2 * $2 + 1, available = available - $2 where account_id = any ($1::uuid[]))
            insert into credit_entry
                (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash, reason, at, expires_at)
            select account_id, 2 * i + ends, md5(hold_id::text || ends)::uuid, case ends when 0 then 'reserve' else 'settle' end, hold_id,
                   1, $2 + 1 - i, 1 - ends, sha256(uuid_send(hold_id)), 'A job.', now(), case ends when 0 then now() end
            from step, generate_series(0, 1) as ends
            """;
        var connection = new NpgsqlConnectionStringBuilder(database.OwnerConnectionString) { CommandTimeout = 300 };
        await using var owner = NpgsqlDataSource.Create(connection.ConnectionString);
        await owner.Execute(Sql, [accounts.ToArray(), Holds], cancellationToken);
        // As a ledger that grew this long would have been long since.
        await owner.Execute("vacuum analyze credit_account, credit_hold, credit_entry", [], cancellationToken);
    }

    private async Task AskAll(IReadOnlyList<Guid> accounts, CancellationToken cancellationToken) => await Parallel.ForEachAsync(
        accounts,
        new ParallelOptions { MaxDegreeOfParallelism = CallsInFlight, CancellationToken = cancellationToken },
        async (account, _) => await Ask(account));

    private async Task<TimeSpan> TimeOf(Guid account)
    {
        var start = Stopwatch.GetTimestamp();
        await Ask(account);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Makes the grain load its account and decide, and write nothing: more is asked for than there is.</summary>
    private async Task Ask(Guid account)
    {
        var result = await Grains.GetGrain<IUserCreditGrain>(account).Reserve(new ReserveCredits(
            Guid.CreateVersion7(), Guid.CreateVersion7(), 1_000, TimeProvider.System.GetUtcNow().AddDays(1), "Too much."));
        if (result is not CreditResult.InsufficientCredits)
            throw new InvalidOperationException($"The account has one credit, yet: {result}");
    }

    private static TimeSpan Median(List<TimeSpan> times) => times.Order().ElementAt(times.Count / 2);
}
