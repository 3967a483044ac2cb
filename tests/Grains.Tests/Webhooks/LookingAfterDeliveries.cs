using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What owners do with what was sent, and how long it is known.</summary>
[Collection<MediaCluster>]
public sealed class LookingAfterDeliveries(ServiceFixture service) : WebhookScenario(service)
{
    [Fact]
    public async Task What_has_ended_can_be_sent_again_under_its_id_and_what_waits_at_once()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();
        var delivered = (await Deliveries(webhookId)).Single();

        await Pass(TimeSpan.FromDays(3));
        Receiver.Answer(500);
        var again = Assert.IsType<WebhookDeliveryResult.Found>(await Webhooks.Redeliver(webhookId, delivered.EventId)).Delivery;
        Assert.Equal((WebhookDeliveryState.Pending, 1, null), (again.State, again.AttemptCount, again.EndedAt));
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(WebhookDeliveryState.Pending, (await Deliveries(webhookId)).Single().State);
        Assert.Equal(0, await courier.SendDue());

        Receiver.Answer(200);
        await Webhooks.Redeliver(webhookId, delivered.EventId);
        Assert.Equal(1, await courier.SendDue());

        Assert.Equal(3, Receiver.Received.Count);
        Assert.Single(Receiver.Received.Select(received => (received.EventId, received.Body)).Distinct());
        var ended = (await Deliveries(webhookId)).Single();
        Assert.Equal((WebhookDeliveryState.Delivered, 3), (ended.State, ended.AttemptCount));
        Assert.Equal([200, 500, 200], ended.Attempts.Select(attempt => attempt.Status));
        Assert.IsType<WebhookDeliveryResult.DeliveryNotFound>(await Webhooks.Redeliver(webhookId, Guid.CreateVersion7()));
    }

    [Fact]
    public async Task Of_many_attempts_the_last_thirty_are_known()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();
        var eventId = (await Deliveries(webhookId)).Single().EventId;
        for (var i = 0; i < 32; i++)
        {
            Receiver.Answer(i == 31 ? 204 : 200);
            await Webhooks.Redeliver(webhookId, eventId);
            await courier.SendDue();
        }

        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal((33, 30, 204), (delivery.AttemptCount, delivery.Attempts.Count, delivery.Attempts[^1].Status));
    }

    [Fact]
    public async Task An_endpoint_that_is_disabled_is_sent_nothing_and_what_waits_too_long_is_given_up()
    {
        var webhookId = await Register();
        await CanceledJob();
        await Webhooks.Change(new ChangeWebhook(webhookId, null, null, null, Enabled: false, Accounts.MemberExtensions.Origin()));
        await CanceledJob();
        await using var courier = new Courier(Service);
        Assert.Equal(0, await courier.SendDue());
        Assert.IsType<WebhookDeliveryResult.Disabled>(await Webhooks.Redeliver(webhookId, (await Deliveries(webhookId)).Single().EventId));

        await Pass(courier.Options.GiveUpAfter + TimeSpan.FromMinutes(10) - Margin);
        Assert.Equal(0, await Service.Sweep<WebhookSweep>());
        await Pass(Margin);
        Assert.Equal(1, await Service.Sweep<WebhookSweep>());

        var expired = (await Deliveries(webhookId)).Single();
        Assert.Equal((WebhookDeliveryState.Expired, WebhookExpired.TimeOver, 0), (expired.State, expired.ExpiredBecause, expired.AttemptCount));

        // Wished for again, it has no end any more.
        await Webhooks.Change(new ChangeWebhook(webhookId, null, null, null, Enabled: true, Accounts.MemberExtensions.Origin()));
        await Webhooks.Redeliver(webhookId, expired.EventId);
        Assert.Equal(0L, await Service.Value<long>("select count(*) from webhook_delivery where expired_because is not null"));
    }

    [Fact]
    public async Task What_was_sent_is_known_for_thirty_days()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();

        await Pass(courier.Options.KeepFor - Margin);
        Assert.Equal(0, await Service.Sweep<WebhookSweep>());
        await Pass(Margin);
        Assert.Equal(1, await Service.Sweep<WebhookSweep>());

        Assert.Empty(await Deliveries(webhookId));
        Assert.Equal(0, await Service.Value<long>("select count(*) from webhook_attempt"));
    }

    [Fact]
    public async Task An_endpoint_that_is_deleted_in_the_middle_of_an_attempt_takes_everything_along()
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(async (_, _) => Assert.True(await Webhooks.Delete(webhookId, Accounts.MemberExtensions.Origin())));
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());

        Assert.Equal(0, await Service.Value<long>("select count(*) from webhook_delivery"));
        Assert.DoesNotContain(courier.Log.Lines, line => line.Text.Contains("could not be noted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_has_something_sent_does_not_wait_for_the_next_probe(bool ping)
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 1);
        Assert.Equal(1, await courier.SendDue());
        Receiver.Answer(200);
        Assert.Equal(0, await courier.SendDue());

        if (ping)
            await Webhooks.Ping(webhookId, Guid.CreateVersion7());
        else
            await Webhooks.Redeliver(webhookId, (await Deliveries(webhookId)).Single().EventId);

        Assert.Equal(ping ? 2 : 1, await courier.SendDue());
        Assert.Equal(WebhookHealth.Active, (await Find(webhookId)).Health);
    }
}
