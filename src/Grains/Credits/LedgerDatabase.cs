using Npgsql;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// The writer's own connection, so that its statement is planned once and in just one way: by index, row for row. Left alone, PostgreSQL
/// plans it for the tables as they are at first, when a look at all of their few rows is the quickest, and keeps that plan while they grow.
/// </summary>
internal sealed class LedgerDatabase(string connectionString) : IDisposable
{
    private const string Planning =
        "-c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off -c enable_bitmapscan=off"
        + " -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off";

    private readonly NpgsqlDataSource source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        Options = Planning,
        MaxPoolSize = 2, // one writes; another is opened while a broken one is being given up
    });

    public ValueTask<NpgsqlConnection> Open() => source.OpenConnectionAsync();

    /// <summary>Lets go of connections that nobody is using, which may be broken.</summary>
    public void Clear() => source.Clear();

    public void Dispose() => source.Dispose();
}
