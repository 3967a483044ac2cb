using AX2Caption.Grains.Database;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Database;
using AX2Caption.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace AX2Caption.Grains.Tests.Hosting;

/// <summary>A silo that is frozen in a transaction, or gone without a word, keeps nobody from what it holds for long.</summary>
public sealed class ConnectionSettingsTests(PostgresFixture postgres)
{
    // PostgreSQL's error code, which the driver has no name for.
    private const string IdleInTransactionSessionTimeout = "25P03";
    private const string IdleLimit = "show idle_in_transaction_session_timeout";

    // The longest that a test waits for what ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void ConnectionSettings_Unconfigured_HaveTheDocumentedDefaults() =>
        Assert.Equal(TimeSpan.FromSeconds(10), new ConnectionSettings().IdleInTransactionTimeout);

    [Theory]
    [InlineData("00:00:01", true)]
    [InlineData("01:00:00", true)]
    [InlineData("00:00:00.999", false)]
    [InlineData("01:00:00.001", false)]
    public void ConnectionSettings_AtOrBeyondTheirEdges_StartOrDoNot(string value, bool starts) => Assert.Equal(
        starts,
        OptionsStartup.Validate(
            services => services.AddOptions<ConnectionSettings>().BindConfiguration(ConnectionSettings.Section).ValidateDataAnnotations().ValidateOnStart(),
            ("Database:IdleInTransactionTimeout", value)) is null);

    [Fact]
    public async Task ATransaction_ThatIsLeftOpen_EndsAndOthersGoOn()
    {
        var database = await postgres.Server.CreateDatabase(Ct);
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        await owner.Execute("insert into account (account_id, kind, created_at) values ($1, 'guest', now())", [Guid.CreateVersion7()], Ct);
        await using var frozen = Connect(database.SiloConnectionString, "00:00:01");
        await using var other = Connect(database.SiloConnectionString, "00:00:10");

        await using var connection = await frozen.OpenConnectionAsync(Ct);
        await using var transaction = await connection.BeginTransactionAsync(Ct);
        Assert.Single(await connection.Read("select account_id from account for no key update", [], row => row.GetGuid(0), Ct));

        Assert.Equal(1, await other.Execute("update account set created_at = now()", [], Ct).WaitAsync(Patience, Ct));
        var fault = await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.Execute("select 1", [], Ct));
        Assert.True(fault is PostgresException { SqlState: IdleInTransactionSessionTimeout } or { InnerException: IOException }, $"{fault}");
        // Whoever is back goes on with a connection that works.
        await connection.CloseAsync();
        Assert.Equal(1, await frozen.Execute("update account set created_at = now()", [], Ct));
    }

    [Fact]
    public async Task EachConnection_OfASilo_HasTheLimit()
    {
        var database = await postgres.Server.CreateDatabase(Ct);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Silo"] = database.SiloConnectionString + ";Options=-c idle_in_transaction_session_timeout=0",
            ["Database:IdleInTransactionTimeout"] = "00:01:00",
        });
        builder.AddDatabase();
        builder.AddWriters();
        builder.AddCluster();
        await using var app = builder.Build();
        await using var orleans = NpgsqlDataSource.Create(app.Services.GetRequiredService<IOptions<AdoNetClusteringSiloOptions>>().Value.ConnectionString!);

        foreach (var source in new[] { app.Services.GetRequiredService<NpgsqlDataSource>(), app.Services.GetRequiredService<WorkDatabase>().Source, orleans })
            Assert.Equal(["1min"], await source.Read(IdleLimit, [], row => row.GetString(0), Ct));
        await using var ledger = await app.Services.GetRequiredService<LedgerDatabase>().Open();
        Assert.Equal(["1min"], await ledger.Read(IdleLimit, [], row => row.GetString(0), Ct));
    }

    private static NpgsqlDataSource Connect(string connectionString, string limit) => NpgsqlDataSource.Create(
        new DatabaseOptions { Silo = connectionString }.Named("ax2-silo", new ConnectionSettings { IdleInTransactionTimeout = TimeSpan.Parse(limit, null) }));
}
