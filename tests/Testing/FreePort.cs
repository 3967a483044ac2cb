using System.Net;
using System.Net.Sockets;

namespace AX2Caption.Testing;

/// <summary>
/// Ports on 127.0.0.1 that nobody listens on at the moment. They lie below those that Linux gives to whoever asks for none in
/// particular, and none is found twice before all others were: whoever asks here is the only one to use it.
/// </summary>
public static class FreePort
{
    private const int First = 20_000;
    private const uint Count = 12_000;

    /// <summary>Programs that run at the same time begin at different places.</summary>
    private static uint last = (uint)Random.Shared.Next((int)Count);

    /// <exception cref="InvalidOperationException">None is free.</exception>
    public static int Find()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + (int)(Interlocked.Increment(ref last) % Count);
            if (IsFree(port))
                return port;
        }

        throw new InvalidOperationException($"All ports of {First} to {First + Count - 1} are taken.");
    }

    private static bool IsFree(int port)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }
}
