namespace AX2Caption.Grains.Abstractions.Webhooks;

/// <summary>Where one member's account has its events sent; the key is the account's id. Every call may be repeated.</summary>
[Alias("ax2.IWebhookIndexGrain")]
public interface IWebhookIndexGrain : IGrainWithGuidKey
{
    /// <summary>Registers an endpoint.</summary>
    [Alias("Register")]
    Task<RegisterWebhookResult> Register(RegisterWebhook command);

    /// <summary>The account's endpoints, newest first; there are never more than the limit on them.</summary>
    [Alias("List")]
    Task<IReadOnlyList<WebhookSnapshot>> List(CancellationToken cancellationToken);

    /// <summary>One endpoint; null if the account has none of this id.</summary>
    [Alias("Find")]
    Task<WebhookSnapshot?> Find(Guid webhookId, CancellationToken cancellationToken);

    /// <summary>Changes an endpoint. One that is enabled again, or is to be reached elsewhere, begins with a clean record, and what waits for it is sent at once.</summary>
    [Alias("Change")]
    Task<ChangeWebhookResult> Change(ChangeWebhook command);

    /// <summary>Deletes an endpoint with all that is known of what was sent to it.</summary>
    /// <returns>False: the account has no endpoint of this id.</returns>
    [Alias("Delete")]
    Task<bool> Delete(Guid webhookId, RequestOrigin origin);

    /// <summary>Puts another secret in the place of an endpoint's. The one before goes on signing beside it for a while.</summary>
    /// <returns>When that while is over; null if the account has no endpoint of this id.</returns>
    [Alias("RotateSecret")]
    Task<DateTimeOffset?> RotateSecret(RotateWebhookSecret command);

    /// <summary>Sends an event that tells of nothing, for its owner to see it arrive. While one waits to be sent, that one is the answer.</summary>
    [Alias("Ping")]
    Task<WebhookDeliveryResult> Ping(Guid webhookId, Guid eventId);

    /// <summary>What was and is to be sent to an endpoint, newest event first, with its attempts; null if the account has no endpoint of this id.</summary>
    [Alias("ListDeliveries")]
    Task<WebhookDeliveryPage?> ListDeliveries(WebhookDeliveryQuery query, CancellationToken cancellationToken);

    /// <summary>One event and what became of it at an endpoint.</summary>
    [Alias("FindDelivery")]
    Task<WebhookDeliveryResult> FindDelivery(Guid webhookId, Guid eventId, CancellationToken cancellationToken);

    /// <summary>Sends an event again, or at once if it waits for its next attempt. It keeps its id.</summary>
    [Alias("Redeliver")]
    Task<WebhookDeliveryResult> Redeliver(Guid webhookId, Guid eventId);
}
