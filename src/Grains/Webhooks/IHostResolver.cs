using System.Net;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Knows the addresses of hosts.</summary>
internal interface IHostResolver
{
    /// <returns>Every address of the host; none if it has none, or if nobody knows at the moment.</returns>
    Task<IReadOnlyList<IPAddress>> Resolve(string host, CancellationToken cancellationToken);
}
