namespace AX2Caption.Api.Edge;

/// <summary>Section <c>Edge</c>: how requests reach this process, and from where.</summary>
internal sealed class EdgeOptions
{
    /// <summary>
    /// Whether requests must have come over HTTPS, to this process or to a trusted proxy. Unset, it is true in the environment
    /// Production and false elsewhere.
    /// </summary>
    public bool? RequireHttps { get; set; }

    /// <summary>
    /// Where clients reach the service, as <c>https://captions.example</c>. Default none: a redirection to HTTPS goes to the host
    /// that was asked for.
    /// </summary>
    public string? PublicUrl { get; set; }

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed, as IP addresses or networks
    /// (<c>10.1.0.0/16</c>). Default none.
    /// </summary>
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>Host names to answer to, without a port; <c>*.captions.example</c> means all below it. Default none: to any.</summary>
    public IList<string> AllowedHosts { get; init; } = [];

    /// <summary>
    /// Origins whose pages may call the API, exactly as browsers send them: <c>https://app.example</c>,
    /// <c>http://localhost:3000</c>. Default none.
    /// </summary>
    public IList<string> CorsOrigins { get; init; } = [];
}
