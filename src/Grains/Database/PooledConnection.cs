using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// How connections go back to their pool: as they are. Nothing is set for longer than a transaction, so there is nothing to undo, which would take a
/// dozen commands of the server each time.
/// </summary>
public static class PooledConnection
{
    /// <summary>The settings of a connection string, as this silo uses it.</summary>
    /// <param name="connectionString">Whom to connect as, and where.</param>
    public static NpgsqlConnectionStringBuilder Of(string? connectionString) => new(connectionString) { NoResetOnClose = true };
}
