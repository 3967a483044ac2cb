namespace AX2Caption.Grains.Abstractions.Webhooks;

/// <summary>What became of the wish to register an endpoint.</summary>
[GenerateSerializer, Immutable, Alias("ax2.RegisterWebhookResult")]
public abstract record RegisterWebhookResult
{
    private RegisterWebhookResult()
    {
    }

    /// <summary>It is there.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterWebhookResult.Registered")]
    public sealed record Registered([property: Id(0)] WebhookSnapshot Webhook) : RegisterWebhookResult;

    /// <summary>Nothing is sent to this address.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterWebhookResult.UrlRefused")]
    public sealed record UrlRefused([property: Id(0)] string Reason) : RegisterWebhookResult;

    /// <summary>The account has as many endpoints as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterWebhookResult.TooMany")]
    public sealed record TooMany([property: Id(0)] int Limit) : RegisterWebhookResult;

    /// <summary>The account is no member's, or is closed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.RegisterWebhookResult.NotAMember")]
    public sealed record NotAMember : RegisterWebhookResult;
}

/// <summary>What became of the wish to change an endpoint.</summary>
[GenerateSerializer, Immutable, Alias("ax2.ChangeWebhookResult")]
public abstract record ChangeWebhookResult
{
    private ChangeWebhookResult()
    {
    }

    /// <summary>It is as it was wished.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ChangeWebhookResult.Changed")]
    public sealed record Changed([property: Id(0)] WebhookSnapshot Webhook) : ChangeWebhookResult;

    /// <summary>Nothing is sent to this address.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ChangeWebhookResult.UrlRefused")]
    public sealed record UrlRefused([property: Id(0)] string Reason) : ChangeWebhookResult;

    /// <summary>The account has no endpoint of this id.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.ChangeWebhookResult.NotFound")]
    public sealed record NotFound : ChangeWebhookResult;
}

/// <summary>An event for an endpoint, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryResult")]
public abstract record WebhookDeliveryResult
{
    private WebhookDeliveryResult()
    {
    }

    /// <summary>Here it is.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryResult.Found")]
    public sealed record Found([property: Id(0)] WebhookDelivery Delivery) : WebhookDeliveryResult;

    /// <summary>The account has no endpoint of this id.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryResult.WebhookNotFound")]
    public sealed record WebhookNotFound : WebhookDeliveryResult;

    /// <summary>The endpoint has no event of this id.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryResult.DeliveryNotFound")]
    public sealed record DeliveryNotFound : WebhookDeliveryResult;

    /// <summary>Nothing is sent to the endpoint.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.WebhookDeliveryResult.Disabled")]
    public sealed record Disabled : WebhookDeliveryResult;
}
