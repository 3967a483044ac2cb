using System.Text;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Edge;

/// <summary>Names every entry that would be ignored, or believed more than it was meant to be.</summary>
internal sealed class EdgeOptionsValidator : IValidateOptions<EdgeOptions>
{
    public ValidateOptionsResult Validate(string? name, EdgeOptions options)
    {
        List<string> failures =
        [
            .. PublicUrl(options),
            .. options.TrustedProxies.Select(ProxyFailure).OfType<string>(),
            .. options.AllowedHosts.Where(host => !IsHost(host)).Select(host =>
                $"Edge:AllowedHosts: '{host}' is not a host name without a port, such as captions.example or *.captions.example."),
            .. options.CorsOrigins.Where(origin => !IsOrigin(origin)).Select(origin =>
                $"Edge:CorsOrigins: '{origin}' is not an origin as browsers send it, such as https://app.example or http://localhost:3000."),
        ];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> PublicUrl(EdgeOptions options)
    {
        if (options.PublicUrl is not { } url)
            yield break;
        if (!IsOrigin(url))
            yield return $"Edge:PublicUrl: '{url}' is not a URL without a path, such as https://captions.example.";
        else if (options.RequireHttps == true && !url.StartsWith("https:", StringComparison.Ordinal))
            yield return $"Edge:PublicUrl: '{url}' must begin with https://, since Edge:RequireHttps is true.";
    }

    private static string? ProxyFailure(string entry)
    {
        if (TrustedProxies.Address(entry) is not null)
            return null;
        return TrustedProxies.Network(entry) switch
        {
            null => $"Edge:TrustedProxies: '{entry}' is neither an IP address nor a network such as 10.1.0.0/16.",
            // Whoever trusts everybody lets every client choose its own address.
            { PrefixLength: 0 } => $"Edge:TrustedProxies: '{entry}' would believe everybody.",
            _ => null,
        };
    }

    private static bool IsHost(string host)
    {
        var name = host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host;
        return Uri.CheckHostName(name) switch
        {
            UriHostNameType.Dns or UriHostNameType.IPv4 => true,
            UriHostNameType.IPv6 => name.StartsWith('['),
            _ => false,
        };
    }

    /// <summary>Browsers send host names in lower case and in ASCII, and no port that goes without saying.</summary>
    private static bool IsOrigin(string origin) =>
        Ascii.IsValid(origin)
        && Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri.UserInfo.Length == 0
        && !uri.Host.Contains('*', StringComparison.Ordinal)
        && uri.GetLeftPart(UriPartial.Authority) == origin;
}
