using AX2Caption.Silo.Migrations;
using Npgsql;

namespace AX2Caption.Testing.Postgres;

/// <summary>Makes databases on one server: migrates a template once, then copies it.</summary>
internal sealed class TestDatabaseFactory
{
    private const string Template = "ax2_template";
    private const string Owner = "ax2_test_owner";
    private const string SiloLogin = "ax2_test_silo";
    private const string ApiLogin = "ax2_test_api";

    private readonly string superuser;
    private readonly string password = PostgresServer.NewPassword();
    private int created;

    private TestDatabaseFactory(string superuser) => this.superuser = superuser;

    public static async Task<TestDatabaseFactory> Create(string superuser, CancellationToken ct)
    {
        var factory = new TestDatabaseFactory(superuser);
        // Not a superuser: what migrates here must also migrate on a server that somebody else administers.
        await factory.Execute($"create role {Owner} login createrole password '{factory.password}'", ct);
        await factory.Execute($"create database {Template} owner {Owner}", ct);
        await Migrator.Migrate(factory.ConnectionString(Template, Owner), TextWriter.Null, ct);
        await factory.Execute($"create role {SiloLogin} login password '{factory.password}' in role ax2_silo", ct);
        await factory.Execute($"create role {ApiLogin} login password '{factory.password}' in role ax2_api", ct);
        return factory;
    }

    public Task<TestDatabase> CreateMigrated(CancellationToken ct) => CreateFrom(Template, ct);

    public Task<TestDatabase> CreateEmpty(CancellationToken ct) => CreateFrom("template0", ct);

    private async Task<TestDatabase> CreateFrom(string template, CancellationToken ct)
    {
        var name = $"ax2_test_{++created}";
        await Execute($"create database {name} owner {Owner} template {template}", ct);
        return new TestDatabase(name, ConnectionString(name, Owner), ConnectionString(name, SiloLogin), ConnectionString(name, ApiLogin));
    }

    private string ConnectionString(string database, string user) =>
        new NpgsqlConnectionStringBuilder(superuser) { Database = database, Username = user, Password = password }.ConnectionString;

    private async Task Execute(string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(superuser);
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
