using System.Security.Claims;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Requests;
using AX2Caption.Api.Sessions;
using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Accounts;

/// <summary>What somebody sees and changes of their own account.</summary>
internal static class MeEndpoints
{
    public static void MapMeEndpoints(this IEndpointRouteBuilder routes)
    {
        var account = routes.MapGroup("/v1/me").WithTags("Account").For(Access.Account);
        account.MapGet("", Get)
            .WithSummary("The account of whoever asks");
        account.MapDelete("", Delete)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.WrongPassword, ErrorTable.TooManyAttempts, ErrorTable.TooManyRequests)
            .WithSummary("Deletes the account")
            .WithDescription(
                "Its sessions end, its jobs are canceled, its videos and captions are deleted, at once and for good. Credits that are left are lost. The "
                + "ledger stays, with nobody's name on it. A member sends the password.");

        var member = routes.MapGroup("/v1/me").WithTags("Account").For(Access.Member)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType);
        member.MapPatch("", Change)
            .WithSummary("Changes the member's name or language");
        member.MapPost("/password", ChangePassword)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(ErrorTable.PasswordTooCommon, ErrorTable.WrongPassword, ErrorTable.TooManyAttempts, ErrorTable.TooManyRequests)
            .WithSummary("Sets another password")
            .WithDescription("Ends all sessions but the one that asks.");
    }

    private static async Task<Results<Ok<Me>, ErrorResult>> Get(ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken) =>
        Answer(await cluster.Call((grains, token) => grains.GetGrain<IAccountGrain>(caller.AccountId()).GetProfile(token), cancellationToken));

    private static async Task<Results<Ok<Me>, ErrorResult>> Change(
        ProfileChange body, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var command = new ChangeProfile(body.Name is not null, body.Name is "" ? null : body.Name, body.Language);
        return Answer(await cluster.Call((grains, _) => grains.GetGrain<IAccountGrain>(caller.AccountId()).ChangeProfile(command), cancellationToken));
    }

    private static async Task<Results<NoContent, ErrorResult>> ChangePassword(
        PasswordChange body,
        HttpContext context,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        PasswordDigests digests,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var profile = await cluster.Call((grains, token) => grains.GetGrain<IAccountGrain>(caller.AccountId()).GetProfile(token), cancellationToken);
        if (PasswordPolicy.Check("newPassword", body.NewPassword, profile?.Member?.Email, profile?.Member?.Name) is { } refused)
            return refused;

        var command = new ChangePassword(
            digests.Of(body.CurrentPassword), digests.Of(body.NewPassword), caller.SessionId(), context.Origin(), Guid.CreateVersion7(time.GetUtcNow()));
        return Answer(
            await cluster.Call((grains, _) => grains.GetGrain<IAccountGrain>(caller.AccountId()).ChangePassword(command), cancellationToken), "currentPassword");
    }

    private static async Task<Results<NoContent, ErrorResult>> Delete(
        [FromBody] AccountEnd? body,
        HttpContext context,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        PasswordDigests digests,
        CancellationToken cancellationToken)
    {
        var digest = body?.Password is { } password ? digests.Of(password) : null;
        var result = await cluster.Call(
            (grains, _) => grains.GetGrain<IAccountGrain>(caller.AccountId()).Delete(digest, context.Origin()), cancellationToken);
        if (result is ConfirmedByPassword.Done)
            RefreshCookie.Delete(context.Response);
        return Answer(result, "password");
    }

    private static Results<Ok<Me>, ErrorResult> Answer(AccountProfile? profile) => profile is null
        // It was there when the session was looked up.
        ? ErrorTable.SessionEnded.Because("The account was deleted.")
        : TypedResults.Ok(Me.Of(profile));

    private static Results<NoContent, ErrorResult> Answer(ConfirmedByPassword result, string field) => result switch
    {
        ConfirmedByPassword.Done => TypedResults.NoContent(),
        ConfirmedByPassword.WrongPassword => ErrorTable.WrongPassword.About(field, "is not the account's password."),
        ConfirmedByPassword.Throttled { RetryAfter: var wait } => SessionErrors.TooManyAttempts(wait),
        ConfirmedByPassword.Busy => SessionErrors.Busy,
        _ => ErrorTable.SessionEnded.Because("The account was deleted."),
    };
}
