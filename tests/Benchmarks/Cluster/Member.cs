using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Benchmarks.Cluster;

/// <summary>A silo as the cluster's members have it on record, one for each start.</summary>
/// <param name="Port">Where others reach it.</param>
/// <param name="Generation">Which of its starts it was.</param>
/// <param name="Status">How it is.</param>
/// <param name="Suspected">Whether another has voted that it is dead, and that vote stands.</param>
internal sealed record Member(int Port, int Generation, SiloStatus Status, bool Suspected)
{
    public static Task<List<Member>> All(NpgsqlDataSource database, CancellationToken cancellationToken) => database.Read(
        "select port, generation, status, coalesce(suspect_times, '') <> '' from orleans_membership order by port, generation",
        [],
        row => new Member(row.GetInt32(0), row.GetInt32(1), (SiloStatus)row.GetInt32(2), row.GetBoolean(3)),
        cancellationToken);
}
