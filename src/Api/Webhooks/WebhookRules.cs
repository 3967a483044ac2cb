using AX2Caption.Api.Credits;
using AX2Caption.Api.Requests;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Webhooks;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Webhooks;

/// <summary>What an address may look like. Whether something is sent there is decided where it is sent from, with a code of its own.</summary>
internal sealed class WebhookUrlAttribute() : TextRuleAttribute($"must be an address of 1 to {MaximumLength} characters.")
{
    private const int MaximumLength = 2048;

    public override bool Accepts(string text) => PlainText.Is(text, MaximumLength);

    public override void Describe(OpenApiSchema schema)
    {
        schema.Format = "uri";
        schema.MinLength = 1;
        schema.MaxLength = MaximumLength;
    }
}

/// <summary>What a webhook can be told of.</summary>
internal sealed class WebhookEventAttribute() : OneOfAttribute([.. WebhookEventTypes.OfJobs]);

/// <summary>How far a delivery is.</summary>
internal sealed class DeliveryStateAttribute() : OneOfAttribute([.. WireName<WebhookDeliveryState>.All])
{
    public static string NameOf(WebhookDeliveryState state) => WireName<WebhookDeliveryState>.Of(state);

    public static WebhookDeliveryState? Read(string? name) => name is not null && WireName<WebhookDeliveryState>.TryRead(name, out var state) ? state : null;
}
