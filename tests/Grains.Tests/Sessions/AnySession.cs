using System.Security.Cryptography;
using AX2Caption.Grains.Sessions;

namespace AX2Caption.Grains.Tests.Sessions;

/// <summary>A session, the secrets of its first token, and steps that are written shortly.</summary>
internal static class AnySession
{
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly SessionOptions Options = new();

    /// <summary>The part that all tokens of the session share.</summary>
    public static readonly byte[] Family = Secret(1);

    /// <summary>The own part of the first token.</summary>
    public static readonly byte[] First = Secret(2);

    public static Session New() => new(
        Guid.CreateVersion7(Start), Guid.CreateVersion7(Start), SHA256.HashData(Family), SHA256.HashData(First), ParentHash: null, Nonce: null,
        Start, Replayed: false, ReplaysInRow: 0, Start + Options.IdleLifetime, Start + Options.AbsoluteLifetime, EndedAt: null, EndReason: null);

    /// <summary>32 bytes that are the same each time and for each number others.</summary>
    public static byte[] Secret(int number) => SHA256.HashData(BitConverter.GetBytes(number));

    public static SessionStep Show(
        this Session session, byte[] token, DateTimeOffset at, byte[]? family = null, SessionOptions? options = null, Guid? callId = null) =>
        session.Refresh(family ?? Family, token, RandomNumberGenerator.GetBytes(32), options ?? Options, at, callId ?? Guid.CreateVersion7());

    public static SessionStep.Goes Goes(this Session session, byte[] token, DateTimeOffset at) =>
        Assert.IsType<SessionStep.Goes>(session.Show(token, at));

    public static Session Ends(this Session session, byte[] token, DateTimeOffset at)
    {
        var ended = Assert.IsType<SessionStep.Ends>(session.Show(token, at)).Session;
        Assert.Equal((at, SessionEnd.TokenReused), (ended.EndedAt, ended.EndReason));
        return ended;
    }
}
