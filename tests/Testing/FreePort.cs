using System.Net;
using System.Net.Sockets;

namespace AX2Caption.Testing;

/// <summary>Ports on 127.0.0.1 that nobody listens on at the moment.</summary>
public static class FreePort
{
    /// <summary>One of them; somebody else may still take it before its user does.</summary>
    public static int Find()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
