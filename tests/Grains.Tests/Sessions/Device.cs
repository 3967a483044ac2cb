using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Sessions;

namespace AX2Caption.Grains.Tests.Sessions;

/// <summary>A client that draws the secrets of its session and keeps its newest token, as the Api does for it.</summary>
internal sealed class Device
{
    private readonly byte[] family = RandomNumberGenerator.GetBytes(32);

    public Guid SessionId { get; } = Guid.CreateVersion7();

    /// <summary>The token's own part.</summary>
    public byte[] Token { get; private set; } = RandomNumberGenerator.GetBytes(32);

    public RequestOrigin Origin { get; init; } = new("192.0.2.10", "Test/1.0", "request");

    public NewSession New => new(SessionId, SHA256.HashData(family), SHA256.HashData(Token));

    public async Task<LiveSession> StartAsGuest(IGrainFactory grains, Guid accountId) =>
        await Session(grains).StartAsGuest(accountId, New, Origin);

    /// <summary>Shows a token, the newest unless another is given, and keeps nothing of the answer.</summary>
    public Task<RefreshResult> Show(IGrainFactory grains, byte[]? token = null, byte[]? family = null, Guid? callId = null) =>
        Session(grains).Refresh(new RefreshSession(family ?? this.family, token ?? Token, Origin, callId ?? Guid.CreateVersion7()));

    /// <summary>Refreshes and keeps the token.</summary>
    /// <returns>The token before.</returns>
    public async Task<byte[]> Refresh(IGrainFactory grains)
    {
        var before = Token;
        Token = Assert.IsType<RefreshResult.Refreshed>(await Show(grains)).TokenSecret;
        return before;
    }

    public Task<bool> End(IGrainFactory grains) => Session(grains).End(family, Origin);

    /// <summary>What the gate says of the session; null if it has ended.</summary>
    public Task<LiveSession?> Find(IGrainFactory grains) =>
        grains.GetGrain<ISessionGateGrain>(0).Find(SessionId, TestContext.Current.CancellationToken);

    private ISessionGrain Session(IGrainFactory grains) => grains.GetGrain<ISessionGrain>(SessionId);
}
