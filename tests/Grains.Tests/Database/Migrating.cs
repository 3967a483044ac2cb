using AX2Caption.Silo.Migrations;
using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

public sealed class Migrating(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_finds_nothing_to_do()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var first = await Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);
        var second = await Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);

        Assert.Equal("0001_roles.sql", first[0]);
        Assert.Equal(first.Order(StringComparer.Ordinal), first);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Of_several_migrators_at_once_one_works_and_the_others_wait()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var runs = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(_ => Task.Run(() => Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct))));

        Assert.Single(runs, ran => ran.Count > 0);
    }

    [Fact]
    public async Task Databases_of_one_new_server_can_be_migrated_at_once()
    {
        await using var server = await PostgresServer.Start(Ct);
        string[] names = ["one", "two", "three", "four"];
        foreach (var name in names)
            await Sql.Execute(server.SuperuserConnectionString(), $"create database {name}", Ct);

        var runs = await Task.WhenAll(names.Select(name => Task.Run(() => Migrator.Migrate(server.SuperuserConnectionString(name), TextWriter.Null, Ct))));

        Assert.All(runs, Assert.NotEmpty);
    }

    [Fact]
    public async Task The_schema_is_current_only_after_every_script_of_this_build()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);
        await using var source = NpgsqlDataSource.Create(database.OwnerConnectionString);

        Assert.False(await SchemaVersion.IsCurrent(source, Ct));
        Assert.Equal(["0001_roles.sql", "0002_orleans.sql"], (await SchemaVersion.Pending(source, Ct)).Take(2));

        await Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);
        await using var silo = NpgsqlDataSource.Create(database.SiloConnectionString);
        Assert.True(await SchemaVersion.IsCurrent(silo, Ct));

        await Sql.Execute(database.OwnerConnectionString, "delete from schema_migration where script_name = '0002_orleans.sql'", Ct);
        Assert.Equal(["0002_orleans.sql"], await SchemaVersion.Pending(silo, Ct));
    }

    [Fact]
    public async Task A_failed_script_leaves_nothing_and_the_ones_before_it_stay()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);
        await Sql.Execute(database.OwnerConnectionString, "create table orleans_grain_state (in_the_way int)", Ct);

        var failure = await Assert.ThrowsAsync<MigrationFailedException>(() => Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct));

        Assert.Equal("0002_orleans.sql", failure.Script);
        Assert.Equal(["0001_roles.sql"], await Sql.Column<string>(database.OwnerConnectionString, "select script_name from schema_migration", Ct));
        Assert.Empty(await Sql.Column<string>(database.OwnerConnectionString, "select relname::text from pg_class where relname = 'orleans_membership'", Ct));
    }

    [Fact]
    public async Task The_command_says_what_it_ran()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var first = await Command(database.OwnerConnectionString);
        var second = await Command(database.OwnerConnectionString);

        Assert.Equal(0, first.ExitCode);
        Assert.StartsWith("Ran 0001_roles.sql.", first.Output);
        Assert.Equal((0, "The schema is current: nothing to run.", ""), second);
    }

    [Fact]
    public async Task Without_a_connection_string_the_command_names_the_key()
    {
        var (exitCode, _, error) = await Command(null);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("No connection string: set ConnectionStrings:Owner", error);
    }

    [Fact]
    public async Task What_is_no_connection_string_is_called_so()
    {
        var (exitCode, _, error) = await Command("postgres://localhost");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("ConnectionStrings:Owner is not a PostgreSQL connection string", error);
    }

    [Fact]
    public async Task An_unreachable_server_is_named()
    {
        var (exitCode, _, error) = await Command("Host=127.0.0.1;Port=1;Username=nobody;Database=none");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("127.0.0.1:1 cannot be reached", error);
    }

    [Fact]
    public async Task A_wrong_password_is_told_from_everything_else()
    {
        var (exitCode, _, error) = await Command(With(postgres.Server.SuperuserConnectionString(), password: "wrong"));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The server does not let this role in", error);
    }

    [Fact]
    public async Task A_missing_database_is_told_from_everything_else()
    {
        var (exitCode, _, error) = await Command(With(postgres.Server.SuperuserConnectionString(), database: "missing"));

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The server has no such database", error);
    }

    [Fact]
    public async Task Too_few_rights_are_told_from_everything_else()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var (exitCode, _, error) = await Command(database.SiloConnectionString);

        Assert.Equal(1, exitCode);
        Assert.StartsWith("Not enough rights", error);
    }

    private static string With(string connectionString, string? password = null, string? database = null)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        parts.Password = password ?? parts.Password;
        parts.Database = database ?? parts.Database;
        return parts.ConnectionString;
    }

    private static async Task<(int ExitCode, string Output, string Error)> Command(string? connectionString)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ConnectionStrings:Owner"] = connectionString })
            .Build();
        using var output = new StringWriter();
        using var error = new StringWriter();
        var exitCode = await MigrateCommand.Run(configuration, output, error, Ct);
        return (exitCode, output.ToString().Trim(), error.ToString().Trim());
    }
}
