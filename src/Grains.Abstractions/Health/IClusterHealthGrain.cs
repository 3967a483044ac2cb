namespace AX2Caption.Grains.Abstractions.Health;

/// <summary>Answers whether the cluster can serve, for readiness checks outside it; any key will do.</summary>
[Alias("ax2.IClusterHealthGrain")]
public interface IClusterHealthGrain : IGrainWithIntegerKey
{
    /// <summary>Looks at the database and at the workers that are alive.</summary>
    [Alias("Check")]
    Task<ClusterHealth> Check(CancellationToken cancellationToken);
}

/// <summary>What the cluster can do right now.</summary>
/// <param name="DatabaseReachable">The core silo reaches PostgreSQL.</param>
/// <param name="Workers">Workers that were heard of lately.</param>
[GenerateSerializer, Immutable, Alias("ax2.ClusterHealth")]
public sealed record ClusterHealth([property: Id(0)] bool DatabaseReachable, [property: Id(1)] int Workers);
