using System.Security.Claims;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Accounts;

/// <summary>Answers requests whose token is missing or bad, with an error of the table and the header of RFC 6750.</summary>
internal sealed class BearerEvents : JwtBearerEvents
{
    public override Task TokenValidated(TokenValidatedContext context)
    {
        if (!Guid.TryParseExact(context.Principal?.FindFirstValue(JwtRegisteredClaimNames.Sub), "D", out _))
            context.Fail("The token names no account.");
        return Task.CompletedTask;
    }

    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();
        var (challenge, answer) = context.AuthenticateFailure switch
        {
            null => ("Bearer",
                ErrorTable.TokenMissing.Because("Send 'Authorization: Bearer' with a token; POST /v1/auth/guest gives one.")),
            SecurityTokenExpiredException => ("Bearer error=\"invalid_token\", error_description=\"The token has expired\"",
                ErrorTable.TokenExpired.Because("Get a new one.")),
            _ => ("Bearer error=\"invalid_token\"",
                ErrorTable.TokenInvalid.Because("It was not issued here, or it was changed since.")),
        };
        context.Response.Headers.WWWAuthenticate = challenge;
        return answer.ExecuteAsync(context.HttpContext);
    }

    /// <summary>The only thing that a good token may lack is an operator's role.</summary>
    public override Task Forbidden(ForbiddenContext context)
    {
        context.Response.Headers.WWWAuthenticate = "Bearer error=\"insufficient_scope\"";
        return ErrorTable.OperatorOnly.Because("The token is not an operator's.").ExecuteAsync(context.HttpContext);
    }
}
