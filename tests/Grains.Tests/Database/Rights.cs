using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

public sealed class Rights(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly string[] ReadableByTheApi = ["orleans_membership", "orleans_membership_version", "orleansquery"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase database = null!;

    public async ValueTask InitializeAsync()
    {
        // Migrated itself, not copied: a copy takes the rights on the tables along, but not those on the database.
        database = await postgres.Server.CreateEmptyDatabase(Ct);
        await Silo.Migrations.Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);
        await Sql.Execute(database.OwnerConnectionString, "create table of_a_later_migration (id int)", Ct);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_Api_reads_the_membership_and_nothing_else()
    {
        var readable = await Sql.Column<string>(database.OwnerConnectionString,
            """
            select c.relname::text from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S') and has_table_privilege('ax2_api', c.oid, 'select')
            order by 1
            """, Ct);

        Assert.Equal(ReadableByTheApi, readable);
        foreach (var table in ReadableByTheApi)
            await Sql.Column<object>(database.ApiConnectionString, $"select 1 from {table}", Ct);
        await AssertRefused(database.ApiConnectionString, "select from of_a_later_migration");
        await AssertRefused(database.ApiConnectionString, "select from orleans_grain_state");
    }

    [Fact]
    public async Task The_Api_writes_nothing()
    {
        var writable = await Sql.Column<string>(database.OwnerConnectionString,
            """
            select c.relname::text from pg_class c
            where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
                and has_table_privilege('ax2_api', c.oid, 'insert, update, delete, truncate, references, trigger')
            """, Ct);

        Assert.Empty(writable);
        await AssertRefused(database.ApiConnectionString, "delete from orleans_membership");
        await AssertRefused(database.ApiConnectionString, "update OrleansQuery set QueryText = ''");
        await AssertRefused(database.ApiConnectionString, "create table mine (id int)");
        await AssertRefused(database.ApiConnectionString, "create temporary table mine (id int)");
    }

    [Fact]
    public async Task The_Silo_reads_and_writes_tables_that_later_migrations_make()
    {
        await Sql.Execute(database.SiloConnectionString, "insert into of_a_later_migration values (1)", Ct);
        await Sql.Execute(database.SiloConnectionString, "update of_a_later_migration set id = 2", Ct);

        Assert.Equal([2], await Sql.Column<int>(database.SiloConnectionString, "select id from of_a_later_migration", Ct));
        Assert.Equal(1, await Sql.Execute(database.SiloConnectionString, "delete from of_a_later_migration", Ct));
    }

    [Theory]
    [InlineData("create table mine (id int)")]
    [InlineData("create temporary table mine (id int)")]
    [InlineData("create schema mine")]
    [InlineData("create function mine() returns int language sql as 'select 1'")]
    [InlineData("alter table orleans_reminder add column mine int")]
    [InlineData("drop table orleans_reminder")]
    [InlineData("truncate orleans_reminder")]
    [InlineData("drop index orleans_reminder_hash")]
    [InlineData("insert into schema_migration (script_name) values ('9999_mine.sql')")]
    [InlineData("create role mine")]
    public Task The_Silo_changes_no_schema(string statement) => AssertRefused(database.SiloConnectionString, statement);

    [Fact]
    public async Task Whoever_is_in_neither_role_does_not_even_connect()
    {
        await Sql.Execute(postgres.Server.SuperuserConnectionString(), "create role stranger login password 'stranger'", Ct);
        var stranger = new NpgsqlConnectionStringBuilder(database.ApiConnectionString) { Username = "stranger", Password = "stranger" };

        await AssertRefused(stranger.ConnectionString, "select 1");
    }

    private static async Task AssertRefused(string connectionString, string sql) =>
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Sql.Refused(connectionString, sql, Ct)).SqlState);
}
