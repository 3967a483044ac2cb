using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Cluster;

/// <summary>Section <c>Cluster</c>: which silos to call, and how long to wait for them.</summary>
internal sealed class ClusterOptions
{
    /// <summary>Name of the running cluster, the same as the silos'. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Cluster:ClusterId must not be empty.")]
    public string ClusterId { get; set; } = "ax2caption";

    /// <summary>Name of the service, the same as the silos' and for ever. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Cluster:ServiceId must not be empty.")]
    public string ServiceId { get; set; } = "ax2caption";

    /// <summary>How long a call without a known outcome is repeated; longer than a failover takes. Default 60 s, 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Cluster:RetryFor must be between 00:00:01 and 00:10:00.")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long one call may go unanswered before it is repeated. Default 10 s, 1 s to 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Cluster:CallTimeout must be between 00:00:01 and 00:01:00.")]
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
