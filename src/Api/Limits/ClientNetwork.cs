using System.Net;
using System.Net.Sockets;

namespace AX2Caption.Api.Limits;

/// <summary>Where a client is, as far as limits are concerned.</summary>
internal static class ClientNetwork
{
    /// <summary>The address itself, 45 characters at most.</summary>
    public static string Address(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        // A zone is the machine's own business.
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress(address.GetAddressBytes()).ToString(),
        _ => address.ToString(),
    };

    /// <summary>An IPv4 address, or the /64 network of an IPv6 one, which is what a single subscriber commonly has.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
            return "unknown";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
