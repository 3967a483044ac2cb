using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Credits;

/// <summary>The writer's own connection. See <see cref="PlannedOnce"/>.</summary>
internal sealed class LedgerDatabase(string connectionString) : IDisposable
{
    // One writes; another is opened while a broken one is being given up.
    private readonly NpgsqlDataSource source = PlannedOnce.Connect(connectionString, connections: 2);

    public ValueTask<NpgsqlConnection> Open() => source.OpenConnectionAsync();

    /// <summary>Lets go of connections that nobody is using, which may be broken.</summary>
    public void Clear() => source.Clear();

    public void Dispose() => source.Dispose();
}
