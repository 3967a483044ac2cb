using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

public sealed class PrivatePostgres
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_committed_survives_a_crash_and_a_kill()
    {
        await using var server = await PostgresServer.Start(Ct);
        var database = (await server.CreateDatabase(Ct)).OwnerConnectionString;
        var port = server.Port;
        await Sql.Execute(database, "create table kept (id int); insert into kept values (1)", Ct);

        await server.Restart(Ct);
        await Reconnect(database, "insert into kept values (2)");
        await server.Kill(Ct);
        await server.Restart(Ct);
        await Reconnect(database, "insert into kept values (3)");

        Assert.Equal([1, 2, 3], await Sql.Column<int>(database, "select id from kept order by id", Ct));
        Assert.Equal(port, server.Port);
    }

    [Fact]
    public async Task It_is_durable_and_listens_on_loopback_only()
    {
        await using var server = await PostgresServer.Start(Ct);

        var settings = await Sql.Column<string>(server.SuperuserConnectionString(),
            "select setting from pg_settings where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'password_encryption') order by name", Ct);

        Assert.Equal(["on", "on", "127.0.0.1", "scram-sha-256", "on"], settings);
    }

    [Fact]
    public async Task Nothing_is_left_after_it()
    {
        string connectionString;
        string data;
        await using (var server = await PostgresServer.Start(Ct))
        {
            connectionString = server.SuperuserConnectionString();
            data = Assert.Single(await Sql.Column<string>(connectionString, "show data_directory", Ct));
            Assert.True(Directory.Exists(data));
        }

        Assert.False(Directory.Exists(Path.GetDirectoryName(data)));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => Sql.Execute(connectionString, "select 1", Ct));
    }

    private static async Task Reconnect(string connectionString, string sql)
    {
        // The pool still holds connections of before.
        await using (var connection = new NpgsqlConnection(connectionString))
            NpgsqlConnection.ClearPool(connection);
        await Sql.Execute(connectionString, sql, Ct);
    }
}
