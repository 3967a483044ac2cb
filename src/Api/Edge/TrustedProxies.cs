using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace AX2Caption.Api.Edge;

/// <summary>
/// What proxies say of the client, believed from the right of the chain to the left for as long as each speaker is one of ours:
/// what a client wrote itself stands to the left of that.
/// </summary>
internal static class TrustedProxies
{
    public static void Configure(IServiceCollection services) =>
        services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<EdgeOptions>>((headers, edge) =>
        {
            // Without any entry in these lists the framework would take every peer for a proxy.
            headers.ForwardedHeaders = edge.Value.TrustedProxies.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            headers.ForwardLimit = null;
            // The framework trusts loopback unless it is told otherwise.
            headers.KnownProxies.Clear();
            headers.KnownIPNetworks.Clear();
            foreach (var entry in edge.Value.TrustedProxies)
            {
                if (Address(entry) is { } address)
                    headers.KnownProxies.Add(address);
                else if (Network(entry) is { } network)
                    headers.KnownIPNetworks.Add(network);
            }
        });

    /// <summary>Comes before everything that looks at the address or the scheme of a request.</summary>
    public static void UseTrustedProxies(this IApplicationBuilder app) => app.UseForwardedHeaders();

    /// <summary>Only addresses that are written out: <c>1</c> and <c>0x7f.1</c> can be parsed, and are more likely slips.</summary>
    public static IPAddress? Address(string entry) =>
        IPAddress.TryParse(entry, out var address) && (entry.Contains(':', StringComparison.Ordinal) || entry == address.ToString()) ? address : null;

    /// <summary>Only networks without an address in them: <c>10.0.0.1/8</c> may have been meant to be one host.</summary>
    public static IPNetwork? Network(string entry) =>
        IPNetwork.TryParse(entry, out var network) && Address(entry.Split('/')[0]) is { } address && address.Equals(network.BaseAddress) ? network : null;
}
