using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Silo.Hosting;

/// <summary>
/// Compares this machine's clock with the database's. Leases go by the latter alone; deadlines, the ends of holds and of what is kept go by the
/// silo's own, and one that is hours ahead would end jobs and delete videos that have their time.
/// </summary>
internal sealed class DatabaseClock(NpgsqlDataSource database, IOptions<ClusterSettings> settings, TimeProvider time)
{
    /// <summary>Null if they agree well enough; else a sentence that says what to do.</summary>
    public async Task<string?> Complaint(CancellationToken cancellationToken)
    {
        // What lies between the two looks at this clock is the way to the database and back.
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var ask = new NpgsqlCommand("select clock_timestamp()", connection);
        var before = time.GetUtcNow();
        var there = new DateTimeOffset((DateTime)(await ask.ExecuteScalarAsync(cancellationToken))!);
        var after = time.GetUtcNow();
        var error = there < before ? before - there : there > after ? there - after : TimeSpan.Zero;
        return error <= settings.Value.MaximumClockError
            ? null
            : $"This machine's clock is {error} {(there < before ? "ahead of" : "behind")} the database's; "
                + $"Cluster:MaximumClockError is {settings.Value.MaximumClockError}. Set it right, and let NTP keep it so.";
    }
}
