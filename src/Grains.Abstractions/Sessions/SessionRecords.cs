using AX2Caption.Grains.Abstractions.Accounts;

namespace AX2Caption.Grains.Abstractions.Sessions;

/// <summary>A session to be started. Its secrets are drawn by the caller, who keeps them; here are only their hashes.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="FamilyHash">SHA-256 of the part that all tokens of the session share.</param>
/// <param name="TokenHash">SHA-256 of the first token's own part.</param>
[GenerateSerializer, Immutable, Alias("ax2.NewSession")]
public sealed record NewSession([property: Id(0)] Guid SessionId, [property: Id(1)] byte[] FamilyHash, [property: Id(2)] byte[] TokenHash);

/// <summary>A session that lives.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="AccountId">Who is signed in.</param>
/// <param name="Kind">As what.</param>
/// <param name="IsAdmin">Whether they may do what operators may.</param>
/// <param name="ExpiresAt">When it ends if nothing is asked of it any more.</param>
[GenerateSerializer, Immutable, Alias("ax2.LiveSession")]
public sealed record LiveSession(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] Guid AccountId,
    [property: Id(2)] AccountKind Kind,
    [property: Id(3)] bool IsAdmin,
    [property: Id(4)] DateTimeOffset ExpiresAt);

/// <summary>A refresh token that somebody shows.</summary>
/// <param name="FamilySecret">The part that all tokens of the session share.</param>
/// <param name="TokenSecret">The token's own part.</param>
/// <param name="Origin">Where it came from.</param>
/// <param name="CallId">Names the wish, so that it may be said again. No client knows it.</param>
[GenerateSerializer, Immutable, Alias("ax2.RefreshSession")]
public sealed record RefreshSession(
    [property: Id(0)] byte[] FamilySecret,
    [property: Id(1)] byte[] TokenSecret,
    [property: Id(2)] RequestOrigin Origin,
    [property: Id(3)] Guid CallId);

/// <summary>What became of a refresh.</summary>
[GenerateSerializer, Immutable, Alias("ax2.RefreshResult")]
public abstract record RefreshResult
{
    private RefreshResult()
    {
    }

    /// <summary>The session goes on.</summary>
    /// <param name="Session">The session.</param>
    /// <param name="TokenSecret">The own part of the token that is good from now on.</param>
    [GenerateSerializer, Immutable, Alias("ax2.RefreshResult.Refreshed")]
    public sealed record Refreshed([property: Id(0)] LiveSession Session, [property: Id(1)] byte[] TokenSecret) : RefreshResult;

    /// <summary>The token was a good one once: the session has ended with this refusal, or had before.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RefreshResult.Ended")]
    public sealed record Ended : RefreshResult;

    /// <summary>No token of this session.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RefreshResult.NotAToken")]
    public sealed record NotAToken : RefreshResult;
}

/// <summary>A session, as its owner sees it.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="CreatedAt">When somebody signed in.</param>
/// <param name="LastUsedAt">When it was last refreshed.</param>
/// <param name="ExpiresAt">When it ends if nothing is asked of it any more.</param>
/// <param name="Address">The IP address it was last refreshed from.</param>
/// <param name="Device">What the client called itself; null if nothing.</param>
[GenerateSerializer, Immutable, Alias("ax2.SessionSnapshot")]
public sealed record SessionSnapshot(
    [property: Id(0)] Guid SessionId,
    [property: Id(1)] DateTimeOffset CreatedAt,
    [property: Id(2)] DateTimeOffset LastUsedAt,
    [property: Id(3)] DateTimeOffset ExpiresAt,
    [property: Id(4)] string Address,
    [property: Id(5)] string? Device);
