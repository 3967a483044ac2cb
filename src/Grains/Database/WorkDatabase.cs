using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// The connections of what every job does: jobs and tasks are read and written here. See <see cref="PlannedOnce"/>. Who holds a
/// row for too long keeps waiting none but those who want the same.
/// </summary>
internal sealed class WorkDatabase(string connectionString, TimeSpan lockTimeout) : IDisposable
{
    private const int Connections = 16;

    public NpgsqlDataSource Source { get; } = PlannedOnce.Connect(connectionString, Connections, lockTimeout);

    public void Dispose() => Source.Dispose();
}
