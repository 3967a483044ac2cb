using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Limits;

/// <summary>Section <c>Limits</c>: how large and how slow a single request may be. Uploads have their own size and time (<c>Uploads</c>).</summary>
internal sealed class LimitOptions
{
    /// <summary>Largest body, in bytes, of every request but an upload. Default 64 KiB; 1 KiB to 16 MiB.</summary>
    [Range(1024L, 16L << 20, ErrorMessage = "Limits:MaximumBodyBytes must be between 1024 and 16777216.")]
    public long MaximumBodyBytes { get; set; } = 64 * 1024;

    /// <summary>Most headers of a request. Default 64; 16 to 1,000.</summary>
    [Range(16, 1000, ErrorMessage = "Limits:MaximumHeaders must be between 16 and 1000.")]
    public int MaximumHeaders { get; set; } = 64;

    /// <summary>Largest size of all headers of a request together, in bytes. Default 16 KiB; 4 KiB to 512 KiB.</summary>
    [Range(4096, 512 * 1024, ErrorMessage = "Limits:MaximumHeaderBytes must be between 4096 and 524288.")]
    public int MaximumHeaderBytes { get; set; } = 16 * 1024;

    /// <summary>Largest first line of a request, in bytes. Default 4 KiB; 1 KiB to 64 KiB.</summary>
    [Range(1024, 64 * 1024, ErrorMessage = "Limits:MaximumRequestLineBytes must be between 1024 and 65536.")]
    public int MaximumRequestLineBytes { get; set; } = 4 * 1024;

    /// <summary>Most connections at once; one more is closed unheard. Default 10,000; 1 to 1,000,000.</summary>
    [Range(1L, 1_000_000L, ErrorMessage = "Limits:MaximumConnections must be between 1 and 1000000.")]
    public long MaximumConnections { get; set; } = 10_000;

    /// <summary>How long a request's headers may take to arrive. Default 15 s; 1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "Limits:HeaderTimeout must be between 00:00:01 and 00:10:00.")]
    public TimeSpan HeaderTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection may be idle between requests. Default 2 min; 1 s to 1 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Limits:KeepAliveTimeout must be between 00:00:01 and 01:00:00.")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The slowest that a body may arrive, in bytes per second, uploads included. Default 1,024; 1 to 1,048,576.</summary>
    [Range(1d, 1024d * 1024, ErrorMessage = "Limits:MinimumBodyRate must be between 1 and 1048576.")]
    public double MinimumBodyRate { get; set; } = 1024;

    /// <summary>How long a body may be slower than that at its beginning. Default 10 s; 2 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:05:00", ErrorMessage = "Limits:MinimumBodyRateGrace must be between 00:00:02 and 00:05:00.")]
    public TimeSpan MinimumBodyRateGrace { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the answer to any request but an upload may take. Default none: <c>Cluster:RetryFor</c> and 30 s, so that a call to
    /// the cluster gives up by itself first, which makes the better answer. 1 s to 1 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Limits:RequestTimeout must be between 00:00:01 and 01:00:00.")]
    public TimeSpan? RequestTimeout { get; set; }
}
