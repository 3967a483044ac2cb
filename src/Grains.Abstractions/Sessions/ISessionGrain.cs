namespace AX2Caption.Grains.Abstractions.Sessions;

/// <summary>One session, a device that is signed in; the key is its id. It is a family of refresh tokens, of which one is good.</summary>
[Alias("ax2.ISessionGrain")]
public interface ISessionGrain : IGrainWithGuidKey
{
    /// <summary>Starts the session of a guest. Called again, it answers the same.</summary>
    [Alias("StartAsGuest")]
    Task<LiveSession> StartAsGuest(Guid accountId, NewSession session, RequestOrigin origin);

    /// <summary>
    /// Takes the good token and puts its successor in its place. For some seconds after that the token before is answered with the same
    /// successor, since an answer may be lost and tabs may ask at once; after that, any token of the family that is not the good
    /// one was stolen, from its owner or by its owner's thief, and ends the session.
    /// </summary>
    [Alias("Refresh")]
    Task<RefreshResult> Refresh(RefreshSession command);

    /// <summary>Ends the session if the token is of its family, good or not.</summary>
    /// <returns>Whether it was; an ended session's token is.</returns>
    [Alias("End")]
    Task<bool> End(byte[] familySecret, RequestOrigin origin);
}

/// <summary>Asks, for each request, whether the session of its access token still lives; there is one key, 0.</summary>
[Alias("ax2.ISessionGateGrain")]
public interface ISessionGateGrain : IGrainWithIntegerKey
{
    /// <summary>The session as the database has it at this moment; null if it has ended, ran out or never was.</summary>
    [Alias("Find")]
    Task<LiveSession?> Find(Guid sessionId, CancellationToken cancellationToken);
}

/// <summary>The sessions of one account; the key is the account's id.</summary>
[Alias("ax2.ISessionIndexGrain")]
public interface ISessionIndexGrain : IGrainWithGuidKey
{
    /// <summary>Sessions that live, newest first, at most 100.</summary>
    [Alias("List")]
    Task<IReadOnlyList<SessionSnapshot>> List(CancellationToken cancellationToken);

    /// <summary>Ends one of the account's sessions.</summary>
    /// <returns>False: the account has no such session that lives.</returns>
    [Alias("End")]
    Task<bool> End(Guid sessionId, RequestOrigin origin);

    /// <summary>Ends all of the account's sessions.</summary>
    [Alias("EndAll")]
    Task EndAll(RequestOrigin origin);
}
