namespace AX2Caption.Grains.Abstractions.Webhooks;

/// <summary>An endpoint to be registered. Id and secret are drawn by the caller, so that the call can be repeated.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where events are sent.</param>
/// <param name="Events">Of <see cref="WebhookEventTypes.OfJobs"/>, at least one.</param>
/// <param name="Description">What its owner calls it; null for nothing.</param>
/// <param name="Enabled">Whether events are sent.</param>
/// <param name="Secret">32 bytes that events are signed with.</param>
/// <param name="Origin">Where the wish came from.</param>
[GenerateSerializer, Immutable, Alias("ax2.RegisterWebhook")]
public sealed record RegisterWebhook(
    [property: Id(0)] Guid WebhookId,
    [property: Id(1)] string Url,
    [property: Id(2)] IReadOnlyList<string> Events,
    [property: Id(3)] string? Description,
    [property: Id(4)] bool Enabled,
    [property: Id(5)] byte[] Secret,
    [property: Id(6)] RequestOrigin Origin);

/// <summary>What is to change of an endpoint; null stays as it is.</summary>
/// <param name="WebhookId">Its id.</param>
/// <param name="Url">Where events are sent from now on, also those that wait.</param>
/// <param name="Events">Of which events there are to be.</param>
/// <param name="Description">What its owner calls it; empty for nothing.</param>
/// <param name="Enabled">Whether events are sent.</param>
/// <param name="Origin">Where the wish came from.</param>
[GenerateSerializer, Immutable, Alias("ax2.ChangeWebhook")]
public sealed record ChangeWebhook(
    [property: Id(0)] Guid WebhookId,
    [property: Id(1)] string? Url,
    [property: Id(2)] IReadOnlyList<string>? Events,
    [property: Id(3)] string? Description,
    [property: Id(4)] bool? Enabled,
    [property: Id(5)] RequestOrigin Origin);

/// <summary>Another secret for an endpoint, drawn by the caller, so that the call can be repeated.</summary>
/// <param name="WebhookId">The endpoint's id.</param>
/// <param name="Secret">32 bytes.</param>
/// <param name="Origin">Where the wish came from.</param>
[GenerateSerializer, Immutable, Alias("ax2.RotateWebhookSecret")]
public sealed record RotateWebhookSecret(
    [property: Id(0)] Guid WebhookId, [property: Id(1)] byte[] Secret, [property: Id(2)] RequestOrigin Origin);

/// <summary>Which of an endpoint's deliveries are wanted.</summary>
/// <param name="WebhookId">The endpoint's id.</param>
/// <param name="State">Only deliveries that stand so; null for all.</param>
/// <param name="After">Behind which they begin; null for the newest.</param>
/// <param name="Limit">How many, 1 to 100.</param>
[GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryQuery")]
public sealed record WebhookDeliveryQuery(
    [property: Id(0)] Guid WebhookId, [property: Id(1)] WebhookDeliveryState? State, [property: Id(2)] PageCursor? After, [property: Id(3)] int Limit);
