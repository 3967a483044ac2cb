using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Webhooks;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Webhooks;

[StatelessWorker]
internal sealed class WebhookIndexGrain(WebhookStore store, OutboundAddressPolicy policy) : Grain, IWebhookIndexGrain
{
    private Guid AccountId => this.GetPrimaryKey();

    public async Task<RegisterWebhookResult> Register(RegisterWebhook command) => policy.Refuse(command.Url) is { } reason
        ? new RegisterWebhookResult.UrlRefused(reason)
        : await store.Register(AccountId, command);

    public async Task<IReadOnlyList<WebhookSnapshot>> List(CancellationToken cancellationToken) => await store.List(AccountId, cancellationToken);

    public Task<WebhookSnapshot?> Find(Guid webhookId, CancellationToken cancellationToken) => store.Find(AccountId, webhookId, cancellationToken);

    public async Task<ChangeWebhookResult> Change(ChangeWebhook command) => command.Url is { } url && policy.Refuse(url) is { } reason
        ? new ChangeWebhookResult.UrlRefused(reason)
        : await store.Change(AccountId, command);

    public Task<bool> Delete(Guid webhookId, RequestOrigin origin) => store.Delete(AccountId, webhookId, origin);

    public Task<DateTimeOffset?> RotateSecret(RotateWebhookSecret command) => store.RotateSecret(AccountId, command);

    public Task<WebhookDeliveryResult> Ping(Guid webhookId, Guid eventId) => store.Ping(AccountId, webhookId, eventId);

    public Task<WebhookDeliveryPage?> ListDeliveries(WebhookDeliveryQuery query, CancellationToken cancellationToken) =>
        store.ListDeliveries(AccountId, query, cancellationToken);

    public Task<WebhookDeliveryResult> FindDelivery(Guid webhookId, Guid eventId, CancellationToken cancellationToken) =>
        store.FindDelivery(AccountId, webhookId, eventId, cancellationToken);

    public Task<WebhookDeliveryResult> Redeliver(Guid webhookId, Guid eventId) => store.Redeliver(AccountId, webhookId, eventId);
}
