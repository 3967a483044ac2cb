using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>The write query itself, from many connections that all stand ready before the first one goes.</summary>
public sealed class FirstWriteRace(PostgresFixture postgres)
{
    private const int Writers = 24;
    private const int Rounds = 20;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(null)]
    [InlineData("extension")]
    public async Task Exactly_one_writer_creates_the_row(string? extension)
    {
        var database = await postgres.Server.CreateDatabase(Ct);
        var write = Assert.Single(await Sql.Column<string>(database.SiloConnectionString, "select QueryText from OrleansQuery where QueryKey = 'WriteToStorageKey'", Ct));
        await using var source = NpgsqlDataSource.Create(database.SiloConnectionString);
        var connections = await Task.WhenAll(Enumerable.Range(0, Writers).Select(async _ => await source.OpenConnectionAsync(Ct)));

        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(connections.Select((connection, writer) => Task.Run(() => Write(connection, write, round, extension, writer))));
            Assert.Equal([1], answers.OfType<int>());
        }

        Assert.Equal([Rounds], await Sql.Column<int>(database.OwnerConnectionString, "select count(*)::int from orleans_grain_state", Ct));
        foreach (var connection in connections)
            await connection.DisposeAsync();
    }

    /// <summary>The new version, or null for a lost race.</summary>
    private static async Task<int?> Write(NpgsqlConnection connection, string sql, long key, string? extension, int payload)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue("GrainIdHash", 1);
        command.Parameters.AddWithValue("GrainTypeHash", 2);
        command.Parameters.AddWithValue("GrainIdN0", key);
        command.Parameters.AddWithValue("GrainIdN1", 0L);
        command.Parameters.AddWithValue("GrainTypeString", "grain");
        command.Parameters.Add(new NpgsqlParameter<string?>("GrainIdExtensionString", extension));
        command.Parameters.AddWithValue("ServiceId", "service");
        command.Parameters.Add(new NpgsqlParameter("GrainStateVersion", NpgsqlTypes.NpgsqlDbType.Integer) { Value = DBNull.Value });
        command.Parameters.AddWithValue("PayloadBinary", new[] { (byte)payload });
        return await command.ExecuteScalarAsync(Ct) as int?;
    }
}
