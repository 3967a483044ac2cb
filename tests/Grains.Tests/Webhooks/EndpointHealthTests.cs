using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Webhooks;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Webhooks;

public sealed class EndpointHealthTests
{
    private static readonly TimeSpan Moment = TimeSpan.FromTicks(1);

    private readonly WebhookOptions options = new() { FailuresToProbe = 3, ProbeInterval = TimeSpan.FromMinutes(1), DisableAfter = TimeSpan.FromDays(5) };
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    private DateTimeOffset Now => time.GetUtcNow();

    [Fact]
    public void Failed_BelowTheLimit_GoesOnAsBefore()
    {
        var began = Now;
        var once = Fail(EndpointHealth.Clean);
        time.Advance(TimeSpan.FromHours(1));
        var twice = Fail(once);

        Assert.Equal(new EndpointHealth(2, began, null, null), twice);
        Assert.Equal((WebhookHealth.Active, options.ConcurrencyPerEndpoint), (twice.State, twice.Places(options)));
    }

    [Fact]
    public void Failed_ThatOften_AdmitsOneProbeAnIntervalUntilOneSucceeds()
    {
        var failing = Fail(EndpointHealth.Clean, times: 3);
        for (var probe = 0; probe < 3; probe++)
        {
            Assert.Equal((WebhookHealth.Failing, 1, Now + options.ProbeInterval), (failing.State, failing.Places(options), failing.NextProbeAt));
            time.Advance(options.ProbeInterval);

            // While the probe is under way, no other one is sent.
            failing = failing.Served(Now, options);
            Assert.Equal(Now + options.ProbeInterval, failing.NextProbeAt);
            time.Advance(Moment);
            failing = Fail(failing);
        }

        Assert.Equal(EndpointHealth.Clean, failing.Succeeded());
    }

    [Fact]
    public void Served_WhileAllIsWell_ChangesNothing() => Assert.Same(EndpointHealth.Clean, EndpointHealth.Clean.Served(Now, options));

    [Fact]
    public void Failed_ForDays_DisablesIt()
    {
        var failing = Fail(EndpointHealth.Clean, times: 3);

        time.Advance(options.DisableAfter - Moment);
        Assert.Null(Fail(failing).DisabledBecause);
        time.Advance(Moment);
        var disabled = Fail(failing);

        Assert.Equal((WebhookDisabled.Failing, WebhookHealth.Disabled), (disabled.DisabledBecause, disabled.State));
        Assert.Equal(0, disabled.Places(options));
    }

    [Fact]
    public void Failed_SeldomOverDays_DoesNot()
    {
        var seldom = Fail(EndpointHealth.Clean);
        time.Advance(options.DisableAfter * 2);

        Assert.Null(Fail(seldom).DisabledBecause);
    }

    [Fact]
    public void Failed_Gone_DisablesItAtOnce() =>
        Assert.Equal(WebhookDisabled.Gone, EndpointHealth.Clean.Failed(WebhookFault.Gone, Now, options).DisabledBecause);

    [Fact]
    public void Anything_WhileItsOwnerHasDisabledIt_LeavesItSo()
    {
        var disabled = EndpointHealth.Clean with { DisabledBecause = WebhookDisabled.Owner };

        Assert.Equal(WebhookDisabled.Owner, disabled.Succeeded().DisabledBecause);
        Assert.Equal(WebhookDisabled.Owner, disabled.Failed(WebhookFault.Gone, Now, options).DisabledBecause);
    }

    private EndpointHealth Fail(EndpointHealth health, int times = 1)
    {
        for (var i = 0; i < times; i++)
            health = health.Failed(WebhookFault.Timeout, Now, options);
        return health;
    }
}
