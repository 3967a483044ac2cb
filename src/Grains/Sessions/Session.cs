using System.Security.Cryptography;

namespace AX2Caption.Grains.Sessions;

/// <summary>
/// The pure core of a session. Each token follows from the one before and a nonce, so that the one before can be answered
/// with the same successor although no token is stored.
/// </summary>
internal sealed record Session(
    Guid SessionId,
    Guid AccountId,
    byte[] FamilyHash,
    byte[] TokenHash,
    byte[]? ParentHash,
    byte[]? Nonce,
    DateTimeOffset RotatedAt,
    bool Replayed,
    int ReplaysInRow,
    DateTimeOffset IdleExpiresAt,
    DateTimeOffset ExpiresAt,
    DateTimeOffset? EndedAt,
    SessionEnd? EndReason,
    Guid? RotatedCall = null)
{
    public bool IsOf(byte[] familySecret) => Matches(FamilyHash, familySecret);

    public bool LivesAt(DateTimeOffset now) => EndedAt is null && now < IdleExpiresAt && now < ExpiresAt;

    /// <param name="familySecret">The part of the token that the family shares: who lacks it never had a token of this session.</param>
    /// <param name="tokenSecret">The token's own part.</param>
    /// <param name="nonce">32 random bytes, for a successor.</param>
    /// <param name="options">The limits.</param>
    /// <param name="now">The time.</param>
    /// <param name="callId">Names the wish: the one that rotated the token may be said again after the grace, since its answer was lost on our side.</param>
    public SessionStep Refresh(
        byte[] familySecret, byte[] tokenSecret, byte[] nonce, SessionOptions options, DateTimeOffset now, Guid callId)
    {
        if (!IsOf(familySecret))
        {
            return new SessionStep.NotAToken();
        }

        if (!LivesAt(now))
        {
            return new SessionStep.EndedBefore();
        }

        if (Matches(TokenHash, tokenSecret))
        {
            return Rotate(tokenSecret, nonce, options, now, callId);
        }

        if (ParentHash is null || !Matches(ParentHash, tokenSecret))
        {
            return new SessionStep.Ends(Ended(SessionEnd.TokenReused, now));
        }

        if (RotatedCall == callId)
        {
            return new SessionStep.Goes(this, Next(tokenSecret, Nonce!));
        }

        return MayReplay(options, now)
            ? new SessionStep.Goes(this with { Replayed = true, ReplaysInRow = Replayed ? ReplaysInRow : ReplaysInRow + 1 }, Next(tokenSecret, Nonce!))
            : new SessionStep.Ends(Ended(SessionEnd.TokenReused, now));
    }

    public Session Ended(SessionEnd reason, DateTimeOffset now) => this with { EndedAt = now, EndReason = reason };

    private SessionStep.Goes Rotate(byte[] tokenSecret, byte[] nonce, SessionOptions options, DateTimeOffset now, Guid callId)
    {
        var next = Next(tokenSecret, nonce);
        var rotated = this with
        {
            TokenHash = SHA256.HashData(next),
            ParentHash = TokenHash,
            Nonce = nonce,
            RotatedAt = now,
            RotatedCall = callId,
            Replayed = false,
            ReplaysInRow = Replayed ? ReplaysInRow : 0,
            IdleExpiresAt = now + options.IdleLifetime,
        };
        return new SessionStep.Goes(rotated, next);
    }

    private bool MayReplay(SessionOptions options, DateTimeOffset now) =>
        now - RotatedAt <= options.ParentGrace && (Replayed || ReplaysInRow < options.MaximumReplaysInRow);

    /// <summary>Who has the parent alone, or the nonce alone, has nothing.</summary>
    private static byte[] Next(byte[] tokenSecret, byte[] nonce) => HMACSHA256.HashData(tokenSecret, nonce);

    private static bool Matches(byte[] hash, byte[] secret) => CryptographicOperations.FixedTimeEquals(hash, SHA256.HashData(secret));
}

/// <summary>What a shown token leads to.</summary>
internal abstract record SessionStep
{
    private SessionStep()
    {
    }

    /// <summary>The session goes on with this token.</summary>
    public sealed record Goes(Session Session, byte[] TokenSecret) : SessionStep;

    /// <summary>The session ends with this refusal.</summary>
    public sealed record Ends(Session Session) : SessionStep;

    /// <summary>It had ended, or run out.</summary>
    public sealed record EndedBefore : SessionStep;

    /// <summary>No token of this session.</summary>
    public sealed record NotAToken : SessionStep;
}

/// <summary>Why a session ended; the names are stored.</summary>
internal enum SessionEnd
{
    /// <summary>On this device.</summary>
    SignedOut,

    /// <summary>On all devices, or from another one.</summary>
    SignedOutEverywhere,

    /// <summary>An old token was shown: somebody has tokens who should not.</summary>
    TokenReused,

    /// <summary>The password was changed or reset.</summary>
    PasswordChanged,

    /// <summary>The guest became a member.</summary>
    BecameMember,

    /// <summary>The account is gone.</summary>
    AccountDeleted,
}
