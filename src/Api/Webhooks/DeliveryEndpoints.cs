using System.ComponentModel;
using System.Security.Claims;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Webhooks;

/// <summary>What was sent to a webhook, and what came of it.</summary>
internal static class DeliveryEndpoints
{
    public static void MapDeliveries(this RouteGroupBuilder webhooks)
    {
        webhooks.MapGet("/{id:guid}/deliveries", List)
            .Refuses(ErrorTable.InvalidRequest, ErrorTable.InvalidCursor, ErrorTable.WebhookNotFound)
            .WithSummary("A webhook's deliveries, newest event first");
        webhooks.MapGet("/{id:guid}/deliveries/{deliveryId:guid}", Get)
            .Refuses(ErrorTable.WebhookNotFound, ErrorTable.DeliveryNotFound)
            .WithSummary("One delivery");
        webhooks.MapPost("/{id:guid}/deliveries/{deliveryId:guid}/redeliver", Redeliver)
            .RequireRateLimiting(RateLimits.WebhookSends)
            .Refuses(ErrorTable.WebhookNotFound, ErrorTable.DeliveryNotFound, ErrorTable.WebhookDisabled)
            .WithSummary("Sends an event again")
            .WithDescription("Under the id that it has. One that waits for its next attempt is tried at once; one that has ended is tried for another day.");
    }

    /// <summary>The answer to a wish to have something sent.</summary>
    public static Results<Accepted<Delivery>, ErrorResult> Accepted(Guid webhookId, WebhookDeliveryResult result) =>
        result is WebhookDeliveryResult.Found { Delivery: var delivery }
            ? TypedResults.Accepted($"/v1/webhooks/{webhookId}/deliveries/{delivery.EventId}", Delivery.Of(delivery))
            : WebhookErrors.Of(result);

    private static async Task<Results<Ok<Page<Delivery>>, ErrorResult>> List(
        Guid id,
        [DeliveryState, Description("Only deliveries that stand so; all without it.")] string? state,
        [Cursor, Description(Cursor.Description)] string? cursor,
        [WholeNumber(1, PageLimit.Maximum), Description(PageLimit.Description)] int? limit,
        ClaimsPrincipal caller,
        ClusterCalls cluster,
        CancellationToken cancellationToken)
    {
        if (Cursor.Read(cursor, out PageCursor? after) is { } unknown)
            return unknown;

        var query = new WebhookDeliveryQuery(id, DeliveryStateAttribute.Read(state), after, limit ?? PageLimit.Default);
        var page = await cluster.Call(
            (grains, token) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).ListDeliveries(query, token), cancellationToken);
        return page is not null
            ? TypedResults.Ok(new Page<Delivery>([.. page.Deliveries.Select(Delivery.Of)], Cursor.Write(page.Next)))
            : WebhookErrors.NotFound;
    }

    private static async Task<Results<Ok<Delivery>, ErrorResult>> Get(
        Guid id, Guid deliveryId, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).FindDelivery(id, deliveryId, token), cancellationToken);
        return result is WebhookDeliveryResult.Found { Delivery: var delivery } ? TypedResults.Ok(Delivery.Of(delivery)) : WebhookErrors.Of(result);
    }

    private static async Task<Results<Accepted<Delivery>, ErrorResult>> Redeliver(
        Guid id, Guid deliveryId, ClaimsPrincipal caller, ClusterCalls cluster, CancellationToken cancellationToken) => Accepted(
        id,
        await cluster.Call((grains, _) => grains.GetGrain<IWebhookIndexGrain>(caller.AccountId()).Redeliver(id, deliveryId), cancellationToken));
}
