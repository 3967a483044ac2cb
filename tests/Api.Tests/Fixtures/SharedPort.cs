using System.Net;
using System.Net.Sockets;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>
/// One port for an HTTP and an HTTPS server, as 80 and 443 are to whoever knows a site by its name alone: a connection whose first
/// byte begins a TLS handshake goes to the one, any other to the other.
/// </summary>
internal sealed class SharedPort : IAsyncDisposable
{
    private const byte TlsHandshake = 0x16;

    private readonly TcpListener listener;
    private readonly CancellationTokenSource closing = new();
    private readonly Task accepting;

    private SharedPort(TcpListener listener, int http, int https)
    {
        this.listener = listener;
        accepting = Accept(http, https);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static SharedPort Open(int http, int https)
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return new SharedPort(listener, http, https);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await accepting;
        listener.Dispose();
        closing.Dispose();
    }

    private async Task Accept(int http, int https)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(Carry(await listener.AcceptSocketAsync(closing.Token), http, https));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task Carry(Socket client, int http, int https)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            var first = new byte[1];
            if (await client.ReceiveAsync(first, SocketFlags.Peek, closing.Token) == 0)
                return;
            await server.ConnectAsync(IPAddress.Loopback, first[0] == TlsHandshake ? https : http, closing.Token);
            await Task.WhenAll(Copy(client, server), Copy(server, client));
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException)
        {
            // A connection that breaks is its client's concern.
        }
        finally
        {
            client.Dispose();
        }
    }

    /// <summary>Each side's end is passed on by itself: what is still on its way the other way is not to be lost.</summary>
    private async Task Copy(Socket from, Socket to)
    {
        await using var source = new NetworkStream(from);
        await using var target = new NetworkStream(to);
        await source.CopyToAsync(target, closing.Token);
        to.Shutdown(SocketShutdown.Send);
    }
}
