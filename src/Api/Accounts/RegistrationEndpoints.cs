using System.Security.Claims;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Accounts;

/// <summary>Becoming a member, and getting back in without the password.</summary>
internal static class RegistrationEndpoints
{
    public static void MapRegistrationEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/auth").WithTags("Sign-in").For(Access.Open)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType, ErrorTable.TooManyRequests);
        group.MapPost("/register", Register)
            .RequireRateLimiting(RateLimits.Mail)
            .Refuses(ErrorTable.PasswordTooCommon, ErrorTable.TokenInvalid)
            .WithSummary("Asks for a member account")
            .WithDescription(
                "Mails a link that makes the account, or, if a member has the address, says so there; the answer is the same. Sent with a guest's "
                + "access token, the member will have the guest's videos, jobs and credits.");
        group.MapPost("/verify-email", VerifyEmail)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(ErrorTable.LinkNotValid)
            .WithSummary("Makes the account, by the link that was mailed")
            .WithDescription("A guest who registered is signed out by it, and signs in as the member.");
        group.MapPost("/password/forgot", Forgot)
            .RequireRateLimiting(RateLimits.Mail)
            .WithSummary("Mails a link to set a new password")
            .WithDescription("If no member has the address, nothing is mailed; the answer is the same.");
        group.MapPost("/password/reset", Reset)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(ErrorTable.PasswordTooCommon, ErrorTable.LinkNotValid)
            .WithSummary("Sets a new password, by the link that was mailed")
            .WithDescription("Ends all sessions of the account.");
    }

    private static async Task<Results<Accepted<Understood>, ErrorResult>> Register(
        NewRegistration body, HttpContext context, ClaimsPrincipal caller, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var isSignedIn = caller.Identity?.IsAuthenticated == true;
        // Somebody who sends a token means to bring along what they have: without it they would lose it.
        if (!isSignedIn && context.Request.Headers.Authorization.Count > 0)
            return ErrorTable.TokenInvalid.Because("Refresh it, or leave it out and begin with nothing.");

        Guid? guestId = isSignedIn && !caller.IsMember() ? caller.AccountId() : null;
        return await desk.Register(body, guestId, context.Origin(), cancellationToken) is { } refused
            ? refused
            : TypedResults.Accepted((string?)null, new Understood("A link is on its way to the address. Open it to finish."));
    }

    private static async Task<Results<NoContent, ErrorResult>> VerifyEmail(
        MailedToken body, HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken) =>
        await desk.ConfirmEmail(body.Token, context.Origin(), cancellationToken) is { } refused ? refused : TypedResults.NoContent();

    private static async Task<Accepted<Understood>> Forgot(
        ForgottenPassword body, HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        await desk.RequestPasswordReset(body, context.Origin(), cancellationToken);
        return TypedResults.Accepted((string?)null, new Understood("If a member has the address, a link is on its way to it."));
    }

    private static async Task<Results<NoContent, ErrorResult>> Reset(
        PasswordByLink body, HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken) =>
        await desk.ResetPassword(body, context.Origin(), cancellationToken) is { } refused ? refused : TypedResults.NoContent();
}
