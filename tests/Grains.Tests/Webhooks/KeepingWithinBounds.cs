using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What waits for an endpoint, and what is known of it, is no more than may be.</summary>
[Collection<MediaCluster>]
public sealed class KeepingWithinBounds(ServiceFixture service) : WebhookScenario(service)
{
    [Fact]
    public async Task Beyond_what_may_wait_the_oldest_are_given_up_and_nobody_can_overlook_it()
    {
        var webhookId = await Register();
        var otherId = await Register();
        await StartedAndCanceledJob();
        await CanceledJob();
        await using var courier = new Courier(Service, options => options.MaximumPendingPerEndpoint = 3);
        Assert.Equal(0, await courier.Sweep());
        Assert.Empty(courier.Log.Lines);

        await Service.Execute("update webhook_delivery set state = 'delivered', ended_at = now() where endpoint_id = $1", otherId);
        await CanceledJob();
        Assert.Equal(1, await courier.Sweep());

        var deliveries = await Deliveries(webhookId);
        Assert.Equal(
            [
                ("job.started", WebhookDeliveryState.Expired, WebhookExpired.TooManyPending), ("job.canceled", WebhookDeliveryState.Pending, null),
                ("job.canceled", WebhookDeliveryState.Pending, null), ("job.canceled", WebhookDeliveryState.Pending, null),
            ],
            deliveries.Select(delivery => (delivery.Type, delivery.State, delivery.ExpiredBecause)));
        Assert.InRange(deliveries[0].EndedAt!.Value, deliveries[0].CreatedAt, await Now());
        var line = Assert.Single(courier.Log.Lines);
        Assert.Equal(LogLevel.Warning, line.Level);
        Assert.Contains($"1 events for webhook {webhookId} are given up", line.Text, StringComparison.Ordinal);
        Assert.Equal(0, await courier.Sweep());

        // Nothing of its job has to wait for what was given up.
        Assert.Equal(4, await courier.SendDue());
        Assert.DoesNotContain("job.started", Receiver.Received.Select(TypeOf));
    }

    [Fact]
    public async Task What_is_being_sent_is_not_given_up_under_the_sender()
    {
        var webhookId = await Register();
        for (var i = 0; i < 3; i++)
            await CanceledJob();
        await using var courier = new Courier(Service, options => (options.MaximumPendingPerEndpoint, options.ConcurrencyPerEndpoint) = (1, 1));
        var swept = new List<int>();
        Receiver.Answer(async (_, _) => swept.Add(await courier.Sweep()));

        Assert.Equal(2, await courier.SendDue());

        Assert.Equal([1, 0], swept);
        Assert.Equal(
            [WebhookDeliveryState.Delivered, WebhookDeliveryState.Expired, WebhookDeliveryState.Delivered],
            (await Deliveries(webhookId)).Select(delivery => delivery.State));
    }

    [Fact]
    public async Task An_event_that_is_sent_again_by_hand_counts_from_then_on()
    {
        var webhookId = await Register();
        for (var i = 0; i < 3; i++)
            await CanceledJob();
        await using var courier = new Courier(Service, options => options.MaximumPendingPerEndpoint = 2);
        Assert.Equal(1, await courier.Sweep());
        var dropped = (await Deliveries(webhookId, WebhookDeliveryState.Expired)).Single();

        await Webhooks.Redeliver(webhookId, dropped.EventId);
        Assert.Equal(1, await courier.Sweep());

        var deliveries = await Deliveries(webhookId);
        Assert.Equal(
            [WebhookDeliveryState.Pending, WebhookDeliveryState.Expired, WebhookDeliveryState.Pending], deliveries.Select(delivery => delivery.State));
        Assert.Equal((dropped.EventId, null), (deliveries[0].EventId, deliveries[0].ExpiredBecause));
    }

    [Fact]
    public async Task Beyond_what_may_be_known_what_ended_first_is_forgotten()
    {
        var webhookId = await Register();
        for (var i = 0; i < 3; i++)
            await CanceledJob();
        await using var courier = new Courier(Service, options => (options.MaximumKeptPerEndpoint, options.ConcurrencyPerEndpoint) = (3, 1));
        Assert.Equal(3, await courier.SendDue());
        Assert.Equal(0, await courier.Sweep());
        var events = (await Deliveries(webhookId)).Select(delivery => delivery.EventId).ToList();

        await CanceledJob(); // which waits, and so is none of those
        Assert.Equal(0, await courier.Sweep());
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(1, await courier.Sweep());

        Assert.Equal(events[1..], (await Deliveries(webhookId)).Select(delivery => delivery.EventId).SkipLast(1));
        Assert.Equal(3, await Service.Value<long>("select count(*) from webhook_attempt"));
    }

    [Fact]
    public async Task However_many_endpoints_there_are_each_has_its_turn_and_then_again()
    {
        await Service.Execute(
            """
            insert into webhook_endpoint (endpoint_id, account_id, url, events, secret, created_at)
            select gen_random_uuid(), $1, 'https://hooks.example.com/', '{job.canceled}', sha256(''), now() from generate_series(1, 25)
            """,
            MemberId);
        await using var courier = new Courier(Service, options => options.MaximumPendingPerEndpoint = 1);

        for (var round = 0; round < 2; round++)
        {
            await CanceledJob();
            await CanceledJob();
            var dropped = 0;
            for (var sweep = 0; sweep < 3; sweep++)
                dropped += await courier.Sweep();
            Assert.Equal(round == 0 ? 25 : 50, dropped);
            Assert.Equal(25, await Service.Value<long>("select count(*) from webhook_delivery where state = 'pending'"));
        }
    }
}
