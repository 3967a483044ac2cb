using Npgsql;

namespace AX2Caption.Silo.Migrations;

/// <summary>Whether a database has everything this build expects. Scripts of a newer build do no harm: each works with the binaries before it.</summary>
public static class SchemaVersion
{
    /// <summary>True when no script of this build is missing.</summary>
    public static async Task<bool> IsCurrent(NpgsqlDataSource database, CancellationToken ct) => (await Pending(database, ct)).Count == 0;

    /// <summary>Names of the scripts of this build that have not run, in the order in which they would.</summary>
    public static async Task<IReadOnlyList<string>> Pending(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var applied = await Applied(connection, ct);
        return [.. MigrationScripts.All.Select(script => script.Name).Where(name => !applied.Contains(name))];
    }

    private static async Task<IReadOnlySet<string>> Applied(NpgsqlConnection connection, CancellationToken ct)
    {
        try
        {
            return await SchemaJournal.Read(connection, ct);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return new HashSet<string>();
        }
    }
}
