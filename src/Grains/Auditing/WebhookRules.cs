namespace AX2Caption.Grains.Auditing;

/// <summary>What must hold of events that are to be sent, by the database's clock, which theirs is.</summary>
internal static class WebhookRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        // A day is the longest for which an event is tried.
        new("webhook_event_has_ended", """
            select d.event_id::text, format('%s for webhook %s is pending since %s', d.type, d.endpoint_id, d.tried_from)
            from webhook_delivery d
            where d.state = 'pending' and d.tried_from < now() - interval '2 days'
            """),
    ];
}
