using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// Where the service may be had to send something by those who name the address (server-side request forgery): to hosts of
/// the public internet and nowhere else. What is no address of a host of the internet is known from the special-purpose
/// registries of IANA (RFC 6890), and from what clouds put elsewhere; of IPv6 only what is allotted to hosts of the internet, 2000::/3, is taken at all.
/// </summary>
internal sealed class OutboundAddressPolicy(IOptions<WebhookOptions> options)
{
    public const int MaximumUrlLength = 2048;

    private const string Https = "https";
    private const string Http = "http";
    private const int HttpsPort = 443;
    private const int HttpPort = 80;

    private static readonly IPNetwork InternetOfIPv6 = IPNetwork.Parse("2000::/3");

    /// <summary>An IPv4 address is in the last 32 bits (RFC 6052): the way of a network that has IPv6 alone to hosts that have not.</summary>
    private static readonly IPNetwork TranslatedIPv4 = IPNetwork.Parse("64:ff9b::/96");

    private static readonly IPNetwork[] NoHostsOfTheInternet =
    [
        .. ((string[])
        [
            "0.0.0.0/8", // this network
            "10.0.0.0/8", // private
            "100.64.0.0/10", // between a carrier and its customers
            "127.0.0.0/8", // this machine
            "168.63.129.16/32", // public by its form; within one cloud, what looks after its machines
            "169.254.0.0/16", // link-local, where clouds keep their machines' credentials
            "172.16.0.0/12", // private
            "192.0.0.0/24", // protocols'
            "192.0.2.0/24", // documentation
            "192.88.99.0/24", // relays of 6to4
            "192.168.0.0/16", // private
            "198.18.0.0/15", // benchmarks
            "198.51.100.0/24", // documentation
            "203.0.113.0/24", // documentation
            "224.0.0.0/4", // multicast
            "240.0.0.0/4", // reserved, and broadcast
            "2001::/23", // protocols': Teredo, benchmarks, ORCHID
            "2001:db8::/32", // documentation
            "2002::/16", // 6to4, which holds any IPv4 address
            "3fff::/20", // documentation
        ]).Select(network => IPNetwork.Parse(network)),
    ];

    private readonly bool allowHttp = options.Value.AllowHttp;
    private readonly PortRange[] allowedPorts = [.. options.Value.AllowedPorts.Select(port => PortRange.Read(port)!)];
    private readonly IPNetwork[] allowed = [.. options.Value.AllowedNetworks.Select(network => IPNetwork.Parse(network))];
    private readonly IPNetwork[] refused = [.. options.Value.RefusedNetworks.Select(network => IPNetwork.Parse(network))];

    /// <summary>Whether something may be sent to this very address.</summary>
    public bool Allows(IPAddress address)
    {
        // Before anything is compared: to the framework, a network of IPv6 may contain a mapped address that is not in it.
        var own = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (Contains(refused, own))
        {
            return false;
        }

        if (Contains(allowed, own))
        {
            return true;
        }

        if (own.AddressFamily == AddressFamily.InterNetworkV6)
        {
            return TranslatedIPv4.Contains(own)
                ? Allows(new IPAddress(own.GetAddressBytes().AsSpan(12)))
                : InternetOfIPv6.Contains(own) && !Contains(NoHostsOfTheInternet, own);
        }

        return own.AddressFamily == AddressFamily.InterNetwork && !Contains(NoHostsOfTheInternet, own);
    }

    /// <summary>Looks at all that an address says by itself. What its name leads to is looked at whenever a connection is made.</summary>
    /// <returns>Why nothing is sent there, as the rest of a sentence that begins with what it is about; null if something may be.</returns>
    public string? Refuse(string url)
    {
        if (url.Length > MaximumUrlLength)
        {
            return $"must be at most {MaximumUrlLength} characters.";
        }

        // A parser that forgives would send elsewhere than a reader sees.
        if (url.Any(character => character is <= ' ' or '\\' or >= '\x7f') || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.Scheme is not (Https or Http) || uri.Host.Length == 0)
        {
            return $"must be an {Https} address in ASCII, such as https://hooks.example.com/captions.";
        }

        if (uri.Scheme == Http && !allowHttp)
        {
            return "must begin with https://: the events would be read on their way.";
        }

        if (uri.UserInfo.Length > 0 || Authority(url).Contains('@', StringComparison.Ordinal))
        {
            return "must not have a user or a password in it.";
        }

        if (uri.Fragment.Length > 0 || url.Contains('#', StringComparison.Ordinal))
        {
            return "must not have a fragment: it would not be sent.";
        }

        if (uri.Port != (uri.Scheme == Https ? HttpsPort : HttpPort) && !allowedPorts.Any(range => range.Contains(uri.Port)))
        {
            return $"must not name a port other than {HttpsPort}.";
        }

        return Refuse(uri) ? "must lead to a host of the public internet." : null;
    }

    private bool Refuse(Uri uri)
    {
        if (uri.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
        {
            // All ways to write an address, such as 0x7f.1, have become the usual one here.
            return !IPAddress.TryParse(uri.IdnHost, out var address) || !Allows(address);
        }

        if (uri.HostNameType != UriHostNameType.Dns)
        {
            return true;
        }

        var name = uri.IdnHost.TrimEnd('.');
        // RFC 6761, section 6.3: these lead to this machine, whatever a resolver says.
        return IsBelow(name, "localhost") ? !Allows(IPAddress.Loopback)
            // A name without a dot is completed by the machine's own search list, and the last label of no host is a number.
            : !name.Contains('.', StringComparison.Ordinal) || char.IsAsciiDigit(name[name.LastIndexOf('.') + 1]);
    }

    /// <summary>As it is written: an empty user is no user to <see cref="Uri"/>.</summary>
    private static string Authority(string url)
    {
        var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
        var end = url.IndexOfAny(['/', '?', '#'], start);
        return end < 0 ? url[start..] : url[start..end];
    }

    private static bool IsBelow(string name, string domain) =>
        name.Equals(domain, StringComparison.OrdinalIgnoreCase) || name.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);

    private static bool Contains(IPNetwork[] networks, IPAddress address)
    {
        foreach (var network in networks)
        {
            if (network.Contains(address))
            {
                return true;
            }
        }

        return false;
    }
}
