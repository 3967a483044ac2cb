namespace AX2Caption.Api.Cluster;

/// <summary>A grain call went without an answer for longer than a failover takes; it may or may not have run.</summary>
internal sealed class ClusterUnavailableException(Exception inner) : Exception("The cluster did not answer in time.", inner);
