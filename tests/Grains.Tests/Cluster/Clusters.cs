namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>Scenarios of accounts and credits share a cluster and run one after the other.</summary>
[CollectionDefinition]
public sealed class CreditCluster : ICollectionFixture<ServiceFixture>;

/// <summary>Scenarios of videos and jobs share a cluster and run one after the other.</summary>
[CollectionDefinition]
public sealed class MediaCluster : ICollectionFixture<ServiceFixture>;
