namespace AX2Caption.Grains.Abstractions;

/// <summary>Where a request came from, for sessions and the audit log.</summary>
/// <param name="Address">The client's IP address, 1 to 64 characters.</param>
/// <param name="Device">What the client calls itself (its <c>User-Agent</c>), 200 characters at most; null if it says nothing.</param>
/// <param name="RequestId">The request's id, 64 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.RequestOrigin")]
public sealed record RequestOrigin([property: Id(0)] string Address, [property: Id(1)] string? Device, [property: Id(2)] string RequestId);
