using DbUp;
using DbUp.Engine.Output;
using Npgsql;

namespace AX2Caption.Silo.Migrations;

/// <summary>Brings a database to the schema this build was made for.</summary>
public static class Migrator
{
    // Any number will do, as long as every release of this service uses the same one.
    private const long LockKey = 0x41583243_53434845;

    /// <summary>
    /// Runs what has not run yet, each script in a transaction of its own, and answers with the names of what ran.
    /// Any number of processes may call it at once: one works, the others wait and find nothing left to do.
    /// </summary>
    /// <exception cref="MigrationFailedException">A script failed.</exception>
    /// <exception cref="NpgsqlException">The server cannot be reached, or refuses.</exception>
    public static async Task<IReadOnlyList<string>> Migrate(string connectionString, TextWriter log, CancellationToken ct = default)
    {
        // Without a pool every connection is gone at the end, and the advisory lock with it, even after a failure.
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, SearchPath = "public" }.ConnectionString;
        await using var connection = new NpgsqlConnection(unpooled);
        await connection.OpenAsync(ct);
        await Lock(connection, ct);
        await SchemaJournal.Create(connection, ct);
        return Run(unpooled, await SchemaJournal.Read(connection, ct), log);
    }

    private static async Task Lock(NpgsqlConnection connection, CancellationToken ct)
    {
        // Another migration may take as long as it needs.
        await using var command = new NpgsqlCommand("select pg_advisory_lock(@key)", connection) { CommandTimeout = 0 };
        command.Parameters.AddWithValue("key", LockKey);
        await command.ExecuteNonQueryAsync(ct);
    }

    private static List<string> Run(string connectionString, IReadOnlySet<string> applied, TextWriter log)
    {
        var upgrade = DeployChanges.To
            .PostgresqlDatabase(connectionString)
            .WithScripts(MigrationScripts.All)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .WithExecutionTimeout(TimeSpan.Zero)
            .JournalTo(new SchemaJournal(applied))
            .LogTo(new NoOpUpgradeLog())
            .Build();

        var result = upgrade.PerformUpgrade();
        List<string> ran = [.. result.Scripts.Select(script => script.Name)];
        ran.ForEach(name => log.WriteLine($"Ran {name}."));
        return result.Successful
            ? ran
            : throw new MigrationFailedException(result.ErrorScript?.Name ?? "The migration", result.Error);
    }
}
