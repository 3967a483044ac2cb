using AX2Caption.Grains.Abstractions.Webhooks;

namespace AX2Caption.Grains.Webhooks;

/// <summary>
/// The circuit breaker of one endpoint, pure: attempts that fail in a row open it, and then one probe is let through now and
/// then, until one succeeds.
/// </summary>
internal sealed record EndpointHealth(int Failures, DateTimeOffset? FailingSince, DateTimeOffset? NextProbeAt, WebhookDisabled? DisabledBecause)
{
    public static readonly EndpointHealth Clean = new(0, null, null, null);

    public WebhookHealth State => DisabledBecause is not null ? WebhookHealth.Disabled
        : NextProbeAt is not null ? WebhookHealth.Failing
        : WebhookHealth.Active;

    /// <summary>Events that may be under way to it at once.</summary>
    public int Places(WebhookOptions options) => State switch
    {
        WebhookHealth.Disabled => 0,
        WebhookHealth.Failing => 1,
        _ => options.ConcurrencyPerEndpoint,
    };

    /// <summary>Something is about to be sent: if it is a probe, the next one waits for its time, whatever becomes of this one.</summary>
    public EndpointHealth Served(DateTimeOffset now, WebhookOptions options) =>
        State == WebhookHealth.Failing ? this with { NextProbeAt = now + options.ProbeInterval } : this;

    public EndpointHealth Succeeded() => Clean with { DisabledBecause = DisabledBecause };

    public EndpointHealth Failed(WebhookFault fault, DateTimeOffset now, WebhookOptions options)
    {
        var failures = Failures + 1;
        var since = FailingSince ?? now;
        var fails = failures >= options.FailuresToProbe;
        WebhookDisabled? because = fault == WebhookFault.Gone ? WebhookDisabled.Gone
            : fails && now - since >= options.DisableAfter ? WebhookDisabled.Failing
            : null;
        return new EndpointHealth(failures, since, fails ? now + options.ProbeInterval : null, DisabledBecause ?? because);
    }
}
