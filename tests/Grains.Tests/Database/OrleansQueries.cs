using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>A provider that misses one of its keys does not start; so each is named here, provider by provider.</summary>
public sealed class OrleansQueries(PostgresFixture postgres) : IAsyncLifetime
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await postgres.Server.CreateDatabase(Ct);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Hold_every_key_of_every_provider_and_no_other()
    {
        string[] clustering =
        [
            "CleanupDefunctSiloEntriesKey", "DeleteMembershipTableEntriesKey", "GatewaysQueryKey", "InsertMembershipKey", "InsertMembershipVersionKey",
            "MembershipReadAllKey", "MembershipReadRowKey", "UpdateIAmAlivetimeKey", "UpdateMembershipKey",
        ];
        string[] reminders =
        [
            "DeleteReminderRowKey", "DeleteReminderRowsKey", "ReadRangeRows1Key", "ReadRangeRows2Key", "ReadReminderRowKey", "ReadReminderRowsKey",
            "UpsertReminderRowKey",
        ];
        string[] persistence = ["ClearStorageKey", "DeleteStorageKey", "ReadFromStorageKey", "WriteToStorageKey"];

        var keys = await Sql.Column<string>(database.SiloConnectionString, "select QueryKey from OrleansQuery", Ct);

        Assert.Equal(clustering.Concat(reminders).Concat(persistence).Order(StringComparer.Ordinal), keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Grain_state_has_one_row_per_identity_even_without_a_key_extension()
    {
        var definition = await Sql.Column<string>(database.OwnerConnectionString,
            "select pg_get_constraintdef(oid) from pg_constraint where conname = 'orleans_grain_state_identity'", Ct);

        Assert.Equal(
            "UNIQUE NULLS NOT DISTINCT (grain_id_hash, grain_type_hash, grain_id_n0, grain_id_n1, grain_type, grain_id_extension, service_id)",
            Assert.Single(definition));
    }

    [Theory]
    [InlineData("ReadRangeRows1Key", -1_000, 1_000)]
    [InlineData("ReadRangeRows2Key", 2_147_000_000, -2_147_000_000)]
    public async Task A_silo_reads_its_part_of_the_ring_by_index(string key, int begin, int end)
    {
        await Sql.Execute(database.OwnerConnectionString,
            """
            insert into orleans_reminder (service_id, grain_id, reminder_name, start_time, period_ms, grain_hash, version)
            select 'many', 'g/' || i, 'r', now(), 60000, hashint4(i), 1 from generate_series(1, 20000) i;
            analyze orleans_reminder
            """, Ct);
        var text = Assert.Single(await Sql.Column<string>(database.SiloConnectionString, $"select QueryText from OrleansQuery where QueryKey = '{key}'", Ct));

        var plan = await Sql.Column<string>(database.SiloConnectionString, $"explain {text}", Ct,
            new NpgsqlParameter("ServiceId", "many"), new NpgsqlParameter("BeginHash", begin), new NpgsqlParameter("EndHash", end));

        Assert.Contains(plan, line => line.Contains("orleans_reminder_hash"));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan"));
    }
}
