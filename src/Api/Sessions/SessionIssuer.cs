using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;

namespace AX2Caption.Api.Sessions;

/// <summary>Answers with the tokens of a session, the refresh token in the answer or in the cookie.</summary>
internal sealed class SessionIssuer(AccessTokens tokens)
{
    public SessionTokens Issue(HttpResponse response, LiveSession session, RefreshToken refresh, bool cookie)
    {
        var (accessToken, expiresAt) = tokens.Issue(session.AccountId, session.SessionId);
        var refreshToken = refresh.Text();
        if (cookie)
            RefreshCookie.Set(response, refreshToken, session.ExpiresAt);
        return new SessionTokens(
            session.AccountId,
            session.Kind == AccountKind.Member ? "member" : "guest",
            accessToken,
            "Bearer",
            expiresAt,
            cookie ? null : refreshToken,
            session.ExpiresAt);
    }
}
