using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Sessions;

/// <summary>Coming, staying and going, as guest or member.</summary>
internal static class SessionEndpoints
{
    public static void MapSessionEndpoints(this IEndpointRouteBuilder routes)
    {
        var open = routes.MapGroup("/v1/auth").WithTags("Sign-in").For(Access.Open)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType, ErrorTable.TooManyRequests);
        open.MapPost("/guest", CreateGuest)
            // A cheap fence of each process, before the one that all processes share and that is kept in the database.
            .RequireRateLimiting(RateLimits.Guests)
            .Refuses(ErrorTable.TooManyGuests)
            .WithSummary("Creates a guest account")
            .WithDescription("Gives an account with a small grant of credits, and a session for it.");
        open.MapPost("/sign-in", SignIn)
            .RequireRateLimiting(RateLimits.SignIn)
            .Refuses(ErrorTable.InvalidCredentials, ErrorTable.TooManyAttempts)
            .WithSummary("Signs a member in")
            .WithDescription("An unknown address and a wrong password are answered alike. Wrong passwords are answered ever more slowly.");
        // Under the general limits only: a token cannot be guessed, and a company's thousand tabs share an address.
        open.MapPost("/refresh", Refresh)
            .Refuses(ErrorTable.RefreshTokenInvalid, ErrorTable.SessionEnded, ErrorTable.CsrfRefused)
            .WithSummary("Takes a refresh token and gives the next one with an access token")
            .WithDescription(
                "The token before is answered with the same next one for some seconds, for a lost answer or tabs that ask at once. Later it "
                + "ends the session: somebody else has it.");
        open.MapPost("/sign-out", SignOut)
            .Refuses(ErrorTable.RefreshTokenInvalid, ErrorTable.CsrfRefused)
            .WithSummary("Ends the session of a refresh token");

        var account = routes.MapGroup("/v1/auth").WithTags("Sign-in").For(Access.Account);
        account.MapPost("/sign-out-everywhere", SignOutEverywhere)
            .WithSummary("Ends all sessions of the account");

        var sessions = routes.MapGroup("/v1/me/sessions").WithTags("Account").For(Access.Account);
        sessions.MapGet("", List)
            .WithSummary("Where the account is signed in, newest first");
        sessions.MapDelete("/{id:guid}", End)
            .Refuses(ErrorTable.SessionNotFound)
            .WithSummary("Signs one device out");
    }

    private static async Task<Results<Created<GuestSession>, ErrorResult>> CreateGuest(
        NewGuest? body, HttpContext context, ClusterCalls cluster, SessionIssuer issuer, TimeProvider time, CancellationToken cancellationToken)
    {
        var accountId = Guid.CreateVersion7(time.GetUtcNow());
        var network = ClientNetwork.Of(context.Connection.RemoteIpAddress);
        var result = await cluster.Call((grains, _) => grains.GetGrain<IAccountGrain>(accountId).AdmitGuest(network), cancellationToken);
        if (result is AdmitGuestResult.TooManyGuests { Limit: var limit, RetryAfter: var wait })
            return ErrorTable.TooManyGuests.Because($"A network may create {limit} guest accounts in a day.", ("limit", limit)).After(wait);

        var credits = ((AdmitGuestResult.Admitted)result).Account.Credits;
        var refresh = RefreshToken.New(time);
        var session = await cluster.Call(
            (grains, _) => grains.GetGrain<ISessionGrain>(refresh.SessionId).StartAsGuest(accountId, refresh.Session(), context.Origin()),
            cancellationToken);
        var tokens = issuer.Issue(context.Response, session, refresh, body?.Cookie ?? false);
        return TypedResults.Created("/v1/me", GuestSession.Of(tokens, CreditAmounts.Of(credits)));
    }

    private static async Task<Results<Ok<SessionTokens>, ErrorResult>> SignIn(
        SignInRequest body,
        HttpContext context,
        ClusterCalls cluster,
        PasswordDigests digests,
        SessionIssuer issuer,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var email = EmailAddress.Read(body.Email)!;
        var refresh = RefreshToken.New(time);
        var command = new SignIn(digests.Of(body.Password), refresh.Session(), context.Origin());
        return await cluster.Call((grains, _) => grains.GetGrain<IEmailAddressGrain>(email.Key).SignIn(command), cancellationToken) switch
        {
            SignInResult.SignedIn { Session: var session } => TypedResults.Ok(issuer.Issue(context.Response, session, refresh, body.Cookie)),
            SignInResult.Throttled { RetryAfter: var wait } => SessionErrors.TooManyAttempts(wait),
            SignInResult.Busy => SessionErrors.Busy,
            _ => ErrorTable.InvalidCredentials.Because("If you have forgotten the password, POST /v1/auth/password/forgot mails a link to set a new one."),
        };
    }

    private static async Task<Results<Ok<SessionTokens>, ErrorResult>> Refresh(
        SessionRequest? body, HttpContext context, ClusterCalls cluster, SessionIssuer issuer, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Shown(body, context.Request, out var refusal, out var byCookie) is not { } shown)
            return refusal!;

        var command = new RefreshSession(shown.FamilySecret, shown.TokenSecret, context.Origin(), Guid.CreateVersion7(time.GetUtcNow()));
        var result = await cluster.Call((grains, _) => grains.GetGrain<ISessionGrain>(shown.SessionId).Refresh(command), cancellationToken);
        if (result is RefreshResult.Refreshed { Session: var session, TokenSecret: var next })
            return TypedResults.Ok(issuer.Issue(context.Response, session, shown with { TokenSecret = next }, byCookie));

        if (byCookie)
            RefreshCookie.Delete(context.Response);
        return result is RefreshResult.Ended
            ? ErrorTable.SessionEnded.Because("Sign in again.")
            : ErrorTable.RefreshTokenInvalid.Because("It was not issued here, or so long ago that its session is forgotten.");
    }

    private static async Task<Results<NoContent, ErrorResult>> SignOut(
        SessionRequest? body, HttpContext context, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (Shown(body, context.Request, out var refusal, out var byCookie) is not { } shown)
            return refusal!;

        var known = await cluster.Call(
            (grains, _) => grains.GetGrain<ISessionGrain>(shown.SessionId).End(shown.FamilySecret, context.Origin()), cancellationToken);
        if (byCookie)
            RefreshCookie.Delete(context.Response);
        return known ? TypedResults.NoContent() : ErrorTable.RefreshTokenInvalid.Because("There is no such session.");
    }

    private static async Task<NoContent> SignOutEverywhere(
        HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        await cluster.Call(
            async (grains, _) =>
            {
                await grains.GetGrain<ISessionIndexGrain>(caller.AccountId()).EndAll(context.Origin());
                return true;
            },
            cancellationToken);
        RefreshCookie.Delete(context.Response);
        return TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<SignedInDevice>>> List(ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var sessions = await cluster.Call(
            (grains, token) => grains.GetGrain<ISessionIndexGrain>(caller.AccountId()).List(token), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<SignedInDevice>>([.. sessions.Select(session => SignedInDevice.Of(session, caller.SessionId()))]);
    }

    private static async Task<Results<NoContent, ErrorResult>> End(
        Guid id, HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken) =>
        await cluster.Call((grains, _) => grains.GetGrain<ISessionIndexGrain>(caller.AccountId()).End(id, context.Origin()), cancellationToken)
            ? TypedResults.NoContent()
            : ErrorTable.SessionNotFound.Because("The account has no session of this id that lives.");

    /// <summary>The token of the body, or else of the cookie.</summary>
    private static RefreshToken? Shown(SessionRequest? body, HttpRequest request, out ErrorResult? refusal, out bool byCookie)
    {
        refusal = null;
        byCookie = body?.RefreshToken is null;
        var text = body?.RefreshToken ?? RefreshCookie.Read(request, out refusal);
        var token = RefreshToken.Read(text);
        refusal ??= token is null ? ErrorTable.RefreshTokenInvalid.Because("Send the newest refresh token, in the body or as the cookie.") : null;
        return token;
    }
}
