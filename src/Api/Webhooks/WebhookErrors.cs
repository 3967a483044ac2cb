using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Webhooks;

namespace AX2Caption.Api.Webhooks;

/// <summary>What the answers of the webhook grain mean for a client.</summary>
internal static class WebhookErrors
{
    public static ErrorResult NotFound => ErrorTable.WebhookNotFound.Because("The account has no webhook of this id.");

    public static ErrorResult UrlRefused(string reason) => ErrorTable.WebhookUrlRefused.About("url", reason);

    public static ErrorResult Of(RegisterWebhookResult refusal) => refusal switch
    {
        RegisterWebhookResult.UrlRefused { Reason: var reason } => UrlRefused(reason),
        RegisterWebhookResult.TooMany { Limit: var limit } =>
            ErrorTable.TooManyWebhooks.Because($"An account may have {limit} webhooks. Delete one.", ("limit", limit)),
        // It was a member's when the session was looked up.
        RegisterWebhookResult.NotAMember => ErrorTable.SessionEnded.Because("The account was deleted."),
        _ => throw new InvalidOperationException($"Unknown answer {refusal.GetType().Name}."),
    };

    public static ErrorResult Of(WebhookDeliveryResult refusal) => refusal switch
    {
        WebhookDeliveryResult.WebhookNotFound => NotFound,
        WebhookDeliveryResult.DeliveryNotFound => ErrorTable.DeliveryNotFound.Because("The webhook has no delivery of this id, or it is no longer known."),
        WebhookDeliveryResult.Disabled => ErrorTable.WebhookDisabled.Because("Nothing is sent to it. Enable it first."),
        _ => throw new InvalidOperationException($"Unknown answer {refusal.GetType().Name}."),
    };
}
