using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// Connects to hosts that others have named. The name is looked up once, every address is checked, and it is a checked address
/// that is connected to: a name that leads elsewhere a moment later has nobody left to mislead.
/// </summary>
internal sealed class OutboundConnector(OutboundAddressPolicy policy, IHostResolver resolver, IOptions<WebhookOptions> options)
{
    /// <summary>Of a host with many addresses these are tried, each for its part of the time.</summary>
    private const int MaximumAddresses = 3;

    public async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var (host, port) = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        var addresses = IPAddress.TryParse(host, out var literal) ? [literal] : await resolver.Resolve(host, cancellationToken);
        // One that is refused speaks against the host as a whole: it is made to be caught between two looks.
        if (addresses.Count == 0 || !addresses.All(policy.Allows))
        {
            throw new AddressRefusedException();
        }

        Exception? last = null;
        foreach (var address in addresses.Take(MaximumAddresses))
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(options.Value.Timeout / Math.Min(MaximumAddresses, addresses.Count));
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception fault) when (fault is SocketException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
            {
                socket.Dispose();
                last = fault;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last is OperationCanceledException ? new TimeoutException("No address of the host answered in time.", last) : last!;
    }
}

/// <summary>The host has no address, or one that nothing is sent to.</summary>
internal sealed class AddressRefusedException() : IOException("The host has no address that something may be sent to.");
