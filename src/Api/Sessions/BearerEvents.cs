using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Sessions;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Sessions;

/// <summary>
/// Asks of each good token whether its session still lives, and answers requests whose token is missing or bad, with an error
/// of the table and the header of RFC 6750.
/// </summary>
internal sealed class BearerEvents(ClusterCalls cluster) : JwtBearerEvents
{
    public override async Task TokenValidated(TokenValidatedContext context)
    {
        if (!Guid.TryParseExact(context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub), "D", out var accountId)
            || !Guid.TryParseExact(context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sid), "D", out var sessionId))
        {
            context.Fail("The token names no account or no session.");
            return;
        }

        var session = await cluster.Call(
            (grains, token) => grains.GetGrain<ISessionGateGrain>(0).Find(sessionId, token), context.HttpContext.RequestAborted);
        if (session is null || session.AccountId != accountId)
            context.Fail(new SessionEndedException());
        else
            context.Principal = Caller.Of(session);
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var (challenge, answer) = context.AuthenticateFailure switch
        {
            null => ("Bearer",
                ErrorTable.TokenMissing.Because("Send 'Authorization: Bearer' with a token; POST /v1/auth/guest and /v1/auth/sign-in give one.")),
            SessionEndedException => ("Bearer error=\"invalid_token\", error_description=\"The session has ended\"",
                ErrorTable.SessionEnded.Because("Sign in again. A guest who has become a member signs in as that member.")),
            SecurityTokenExpiredException => ("Bearer error=\"invalid_token\", error_description=\"The token has expired\"",
                ErrorTable.TokenExpired.Because("POST /v1/auth/refresh gives a new one.")),
            _ => ("Bearer error=\"invalid_token\"",
                ErrorTable.TokenInvalid.Because("It was not issued here, or it was changed since.")),
        };
        context.Response.Headers.WWWAuthenticate = challenge;
        return answer.ExecuteAsync(context.HttpContext);
    }

    /// <summary>A good token may lack that its owner is a member, or an admin.</summary>
    public override Task Forbidden(ForbiddenContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        var answer = context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<AccessMetadata>()?.Access == Access.Admin
            ? ErrorTable.OperatorOnly.Because("The token is not an admin's.")
            : ErrorTable.MemberOnly.Because("Register, confirm the address and sign in.");
        return answer.ExecuteAsync(context.HttpContext);
    }

    private sealed class SessionEndedException : SecurityTokenException;
}
