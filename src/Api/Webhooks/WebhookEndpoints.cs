using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Webhooks;

/// <summary>Where members have their events sent.</summary>
internal static class WebhookEndpoints
{
    public static void MapWebhookEndpoints(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1/webhooks").WithTags("Webhooks").For(Access.Member);
        group.MapPost("", Register)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.WebhookUrlRefused, ErrorTable.TooManyWebhooks)
            .WithSummary("Registers a webhook")
            .WithDescription("Answers with the secret that its events are signed with, which is not shown again.");
        group.MapGet("", List)
            .WithSummary("The account's webhooks, newest first");
        group.MapGet("/{id:guid}", Get)
            .Refuses(ErrorTable.WebhookNotFound)
            .WithSummary("One webhook");
        group.MapPatch("/{id:guid}", Change)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.BodyTooLarge, ErrorTable.UnsupportedContentType)
            .Refuses(ErrorTable.WebhookNotFound, ErrorTable.WebhookUrlRefused)
            .WithSummary("Changes a webhook")
            .WithDescription("One that is enabled again, or is to be reached elsewhere, begins with a clean record, and what waits for it is sent at once.");
        group.MapDelete("/{id:guid}", Delete)
            .Refuses(ErrorTable.WebhookNotFound)
            .WithSummary("Deletes a webhook, with all that is known of its deliveries");
        group.MapPost("/{id:guid}/secret", RotateSecret)
            .Refuses(ErrorTable.WebhookNotFound)
            .WithSummary("Gives a webhook another secret")
            .WithDescription("Events are signed with the one before, too, for a day. It is not shown again.");
        group.MapPost("/{id:guid}/test", Test)
            .RequireRateLimiting(RateLimits.WebhookSends)
            .Refuses(ErrorTable.WebhookNotFound, ErrorTable.WebhookDisabled)
            .WithSummary("Sends a ping to a webhook")
            .WithDescription("While one waits to be sent, that one is the answer.");
        group.MapDeliveries();
    }

    private static async Task<Results<Created<RegisteredWebhook>, ErrorResult>> Register(
        NewWebhook body, HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Check(body.Events) is { } none)
            return none;

        var secret = WebhookSecrets.Draw();
        var command = new RegisterWebhook(
            Guid.CreateVersion7(time.GetUtcNow()), body.Url, EventsOf(body.Events ?? WebhookEventTypes.OfJobs), body.Description, body.Enabled, secret,
            context.Origin());
        var result = await cluster.Call((grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Register(command), cancellationToken);
        return result is RegisterWebhookResult.Registered { Webhook: var webhook }
            ? TypedResults.Created($"/v1/webhooks/{webhook.WebhookId}", new RegisteredWebhook(Webhook.Of(webhook), WebhookSecrets.Show(secret)))
            : WebhookErrors.Of(result);
    }

    private static async Task<Ok<IReadOnlyList<Webhook>>> List(ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var webhooks = await cluster.Call(
            (grains, token) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).List(token), cancellationToken);
        return TypedResults.Ok<IReadOnlyList<Webhook>>([.. webhooks.Select(Webhook.Of)]);
    }

    private static async Task<Results<Ok<Webhook>, ErrorResult>> Get(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var webhook = await cluster.Call(
            (grains, token) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Find(id, token), cancellationToken);
        return webhook is not null ? TypedResults.Ok(Webhook.Of(webhook)) : WebhookErrors.NotFound;
    }

    private static async Task<Results<Ok<Webhook>, ErrorResult>> Change(
        Guid id, WebhookChange body, HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        if (Check(body.Events) is { } none)
            return none;

        var command = new ChangeWebhook(
            id, body.Url, body.Events is { } events ? EventsOf(events) : null, body.Description, body.Enabled, context.Origin());
        return await cluster.Call((grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Change(command), cancellationToken) switch
        {
            ChangeWebhookResult.Changed { Webhook: var webhook } => TypedResults.Ok(Webhook.Of(webhook)),
            ChangeWebhookResult.UrlRefused { Reason: var reason } => WebhookErrors.UrlRefused(reason),
            _ => WebhookErrors.NotFound,
        };
    }

    private static async Task<Results<NoContent, ErrorResult>> Delete(
        Guid id, HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken) =>
        await cluster.Call((grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Delete(id, context.Origin()), cancellationToken)
            ? TypedResults.NoContent()
            : WebhookErrors.NotFound;

    private static async Task<Results<Ok<WebhookSecret>, ErrorResult>> RotateSecret(
        Guid id, HttpContext context, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var command = new RotateWebhookSecret(id, WebhookSecrets.Draw(), context.Origin());
        var until = await cluster.Call(
            (grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).RotateSecret(command), cancellationToken);
        return until is { } end ? TypedResults.Ok(new WebhookSecret(WebhookSecrets.Show(command.Secret), end)) : WebhookErrors.NotFound;
    }

    private static async Task<Results<Accepted<Delivery>, ErrorResult>> Test(
        Guid id, ClaimsPrincipal caller, ClusterCalls cluster, TimeProvider time, CancellationToken cancellationToken)
    {
        var eventId = Guid.CreateVersion7(time.GetUtcNow());
        var result = await cluster.Call((grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Ping(id, eventId), cancellationToken);
        return DeliveryEndpoints.Accepted(id, result);
    }

    private static ErrorResult? Check(IReadOnlyList<string>? events) =>
        events is [] ? ErrorTable.InvalidRequest.About("events", "must name one at least. To have nothing sent, disable the webhook.") : null;

    /// <summary>Each once and in their own order, however they were named.</summary>
    private static List<string> EventsOf(IReadOnlyList<string> named) => [.. WebhookEventTypes.OfJobs.Where(named.Contains)];
}
