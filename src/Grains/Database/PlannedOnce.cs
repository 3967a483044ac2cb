using System.Globalization;
using Npgsql;

namespace AX2Caption.Grains.Database;

/// <summary>
/// Connections whose statements are planned once and in just one way: by index, row for row. Planning takes longer than
/// finding a few rows. Left alone, PostgreSQL also plans for the tables as they are at first, when a look at all of their few
/// rows is the quickest, and keeps that plan while they grow.
/// </summary>
internal static class PlannedOnce
{
    private const string Planning =
        "-c plan_cache_mode=force_generic_plan -c jit=off -c enable_seqscan=off -c enable_bitmapscan=off"
        + " -c enable_hashjoin=off -c enable_mergejoin=off -c enable_material=off";

    /// <param name="connectionString">Whom to connect as, and where.</param>
    /// <param name="connections">How many at most.</param>
    /// <param name="lockTimeout">How long a statement waits for each lock, in whole milliseconds; null for ever.</param>
    public static NpgsqlDataSource Connect(string connectionString, int connections, TimeSpan? lockTimeout = null)
    {
        var settings = PooledConnection.Of(connectionString);
        (settings.MaxPoolSize, settings.MaxAutoPrepare, settings.AutoPrepareMinUsages) = (connections, 64, 2);
        settings.Options = $"{settings.Options} {Planning}".Trim();
        if (lockTimeout is { } patience)
        {
            settings.Options += string.Create(CultureInfo.InvariantCulture, $" -c lock_timeout={(long)patience.TotalMilliseconds}");
        }

        return NpgsqlDataSource.Create(settings);
    }
}
