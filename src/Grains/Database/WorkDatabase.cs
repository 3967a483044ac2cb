using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>The connections of what every job does: jobs and tasks are read and written here. See <see cref="PlannedOnce"/>.</summary>
internal sealed class WorkDatabase(string connectionString) : IDisposable
{
    private const int Connections = 16;

    public NpgsqlDataSource Source { get; } = PlannedOnce.Connect(connectionString, Connections);

    public void Dispose() => Source.Dispose();
}
