using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>A cluster with a database, an object store and a clock of its own.</summary>
public sealed class ServiceFixture(PostgresFixture postgres) : IAsyncLifetime
{
    private readonly string objectFolder = Directory.CreateTempSubdirectory("ax2-grains-").FullName;
    private ServiceCluster? cluster;
    private TestDatabase? database;

    public BusinessClock Clock { get; } = new();

    /// <summary>Calls grains as the Api does, from outside.</summary>
    public IGrainFactory Grains => Cluster.Client;

    public IObjectStore Objects => Service<IObjectStore>();

    /// <summary>The schema's owner: reads and breaks what no grain would.</summary>
    internal NpgsqlDataSource Owner { get; private set; } = null!;

    internal TestDatabase Database => database ?? throw new InvalidOperationException("xunit has not initialised the fixture yet.");

    private ServiceCluster Cluster => cluster ?? throw new InvalidOperationException("xunit has not initialised the fixture yet.");

    public async ValueTask InitializeAsync()
    {
        var ct = TestContext.Current.CancellationToken;
        database = await postgres.Server.CreateDatabase(ct);
        Owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        cluster = await ServiceCluster.Start(database, objectFolder, Clock, new Dictionary<string, string?>(), ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (cluster is not null)
            await cluster.DisposeAsync();
        if (database is not null)
            await Owner.DisposeAsync();
        Directory.Delete(objectFolder, recursive: true);
    }

    /// <summary>A service of the first silo's container.</summary>
    internal T Service<T>() where T : notnull => Cluster.Silos[0].GetRequiredService<T>();

    /// <summary>Grains as called from inside a silo; the number is taken round the silos.</summary>
    internal IGrainFactory From(int silo) => Cluster.Silos[silo % Cluster.Silos.Count].GetRequiredService<IGrainFactory>();

    internal Task<int> Sweep<T>() where T : ISweep =>
        Service<IEnumerable<ISweep>>().OfType<T>().Single().Run(limit: 100, TestContext.Current.CancellationToken);

    internal async Task<IReadOnlyList<Violation>> Audit() => await Service<Auditor>().Audit(TestContext.Current.CancellationToken);

    /// <summary>A second cluster that knows nothing of the first and works on the same tables.</summary>
    /// <param name="settings">What is set otherwise than in the first.</param>
    internal Task<ServiceCluster> StartRival(params IEnumerable<(string Key, string Value)> settings) => ServiceCluster.Start(
        Database, objectFolder, Clock, settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value),
        TestContext.Current.CancellationToken);

    /// <summary>Cuts every connection to the business tables, as a failing network would.</summary>
    internal async Task CutConnections()
    {
        await using var superuser = Superuser();
        await using var command = superuser.CreateCommand(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1");
        command.Parameters.AddWithValue(ServiceCluster.BusinessConnections);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Who may do anything, such as cutting connections.</summary>
    internal NpgsqlDataSource Superuser() => NpgsqlDataSource.Create(postgres.Server.SuperuserConnectionString(Database.Name));

    /// <summary>Drops what is left of cut connections in the silos' pools.</summary>
    internal void RenewConnections()
    {
        foreach (var silo in Cluster.Silos)
        {
            silo.GetRequiredService<NpgsqlDataSource>().Clear();
            silo.GetRequiredService<LedgerDatabase>().Clear();
            silo.GetRequiredService<WorkDatabase>().Source.Clear();
        }
    }

    internal async Task<int> Execute(string sql, params object[] values)
    {
        await using var command = Owner.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    internal async Task<T> Value<T>(string sql, params object[] values)
    {
        await using var command = Owner.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.AddWithValue(value);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    /// <summary>Leaves empty tables and an empty store to the next scenario.</summary>
    internal async Task Clear()
    {
        await Execute("""
            delete from webhook_endpoint; delete from deletion_receipt; delete from stored_object; delete from upload;
            delete from task; delete from caption_job; delete from job_quote; delete from video; delete from worker; delete from work_share;
            delete from credit_entry; delete from credit_hold; delete from credit_grant; delete from credit_account;
            delete from guest_admission; delete from session; delete from account_link; delete from outgoing_mail; delete from registration;
            delete from member; delete from sign_in_throttle; delete from audit_event; delete from account;
            """);
        await foreach (var stored in Objects.List("", TestContext.Current.CancellationToken))
            await Objects.Delete(stored.Key, TestContext.Current.CancellationToken);
        await foreach (var unfinished in Objects.ListUnfinished(TestContext.Current.CancellationToken))
            await Objects.Abandon(unfinished.Key, WriteCheckpoint.Start, TestContext.Current.CancellationToken);
    }
}
