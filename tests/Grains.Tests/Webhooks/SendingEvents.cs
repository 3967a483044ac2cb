using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;
using System.Text.Json;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What happens to jobs comes to a real HTTP server.</summary>
[Collection<MediaCluster>]
public sealed class SendingEvents(ServiceFixture service) : WebhookScenario(service)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMicroseconds(1);

    [Fact]
    public async Task A_job_is_told_from_start_to_end_as_it_was_at_each_step()
    {
        var webhookId = await Register();
        var (job, prepare) = await Start();
        await Worker.CompletePrepare(prepare, chunks: 0);
        Tick();
        await Worker.CompleteCompose(await Worker.Claim());
        await using var courier = new Courier(Service);

        Assert.Equal(2, await courier.SendDue());

        Assert.Equal(["job.started", "job.succeeded"], Receiver.Received.Select(TypeOf));
        Assert.Equal(["processing", "succeeded"], Receiver.Received.Select(received => JobOf(received).GetProperty("state").GetString()));
        Assert.All(Receiver.Received, received =>
        {
            Assert.Equal(("POST", "/hooks"), (received.Method, received.Target));
            Assert.Equal("application/json", received.Headers["content-type"]);
            Assert.Equal("AX2Caption-Webhooks/1", received.Headers["user-agent"]);
            Assert.Equal($"{Service.Clock.GetUtcNow().ToUnixTimeSeconds()}", received.Headers["webhook-timestamp"]);
            Assert.Equal($"{job.JobId}", JobOf(received).GetProperty("id").GetString());
            Assert.Equal($"{received.EventId}", JsonDocument.Parse(received.Body).RootElement.GetProperty("id").GetString());
            Assert.Equal(
                ["content-length", "content-type", "host", "user-agent", "webhook-id", "webhook-signature", "webhook-timestamp"],
                received.Headers.Keys.Select(name => name.ToLowerInvariant()).Order());
        });
        var deliveries = await Deliveries(webhookId);
        Assert.Equal(Receiver.Received.Select(received => received.Body), deliveries.Select(delivery => delivery.Payload));
        Assert.All(deliveries, delivery => Assert.Equal(
            (WebhookDeliveryState.Delivered, 1, 200, null), (delivery.State, delivery.AttemptCount, delivery.Attempts.Single().Status, delivery.Attempts.Single().Fault)));
        Assert.Equal(0, await courier.SendDue());
    }

    [Fact]
    public async Task A_later_event_of_a_job_waits_for_the_earlier_one_and_other_jobs_do_not()
    {
        var webhookId = await Register();
        var first = await StartedAndCanceledJob();
        var other = await StartedAndCanceledJob();
        Receiver.Answer((received, context) =>
        {
            context.Response.StatusCode = IsOf(received, first.JobId) ? 500 : 200;
            return Task.CompletedTask;
        });
        await using var courier = new Courier(Service);

        Assert.Equal(3, await courier.SendDue());
        Assert.Equal(["job.started"], Receiver.Received.Where(received => IsOf(received, first.JobId)).Select(TypeOf));
        Assert.Equal(["job.started", "job.canceled"], Receiver.Received.Where(received => IsOf(received, other.JobId)).Select(TypeOf));
        Assert.Equal(2, (await Deliveries(webhookId, WebhookDeliveryState.Pending)).Count);

        Receiver.Answer(204);
        Service.Clock.Advance(courier.Options.RetryDelay * 1.25);
        Assert.Equal(2, await courier.SendDue());

        Assert.Equal(
            ["job.started", "job.started", "job.canceled"], Receiver.Received.Where(received => IsOf(received, first.JobId)).Select(TypeOf));
        Assert.Empty(await Deliveries(webhookId, WebhookDeliveryState.Pending));
    }

    [Fact]
    public async Task What_is_never_taken_is_tried_ever_later_for_a_day_and_then_the_next_event_has_its_turn()
    {
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service);
        Assert.Equal(1, await courier.SendDue());
        var end = (await Deliveries(webhookId))[0].CreatedAt + courier.Options.GiveUpAfter;

        WebhookDelivery delivery;
        while ((delivery = (await Deliveries(webhookId))[0]).State == WebhookDeliveryState.Pending)
        {
            Service.Clock.Advance(delivery.NextAttemptAt!.Value - Service.Clock.GetUtcNow() - Moment);
            Assert.Equal(0, await courier.SendDue());
            Service.Clock.Advance(Moment);
            Assert.Equal(delivery.NextAttemptAt == end ? 2 : 1, await courier.SendDue());
        }

        Assert.Equal((WebhookDeliveryState.Expired, end), (delivery.State, delivery.EndedAt!.Value));
        Assert.InRange(delivery.AttemptCount, 14, 24);
        Assert.Equal(delivery.AttemptCount, delivery.Attempts.Count);
        Assert.Single(Receiver.Received.Select(received => received.EventId).SkipLast(1).Distinct());
        Assert.Equal("job.canceled", TypeOf(Receiver.Received[^1]));
        // It has had its own day, which is over a moment later.
        Assert.Equal(WebhookDeliveryState.Pending, (await Deliveries(webhookId))[1].State);
        Tick();
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(WebhookDeliveryState.Expired, (await Deliveries(webhookId))[1].State);
        Assert.Contains(courier.Log.Lines, line => line.Text.Contains("given up", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_endpoint_that_fails_is_only_probed_until_it_is_back_and_then_has_all_at_once()
    {
        var webhookId = await Register();
        for (var i = 0; i < 6; i++)
            await CanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => (options.FailuresToProbe, options.ProbeInterval) = (3, TimeSpan.FromMinutes(1)));

        // Two at once, as many as an endpoint may have.
        Assert.Equal(4, await courier.SendDue());
        var webhook = await Find(webhookId);
        Assert.Equal((WebhookHealth.Failing, 4, Service.Clock.GetUtcNow()), (webhook.Health, webhook.Failures, webhook.FailingSince));
        Assert.Equal(Service.Clock.GetUtcNow().AddMinutes(1), webhook.NextProbeAt);
        for (var probe = 0; probe < 3; probe++)
        {
            Service.Clock.Advance(TimeSpan.FromMinutes(1) - Moment);
            Assert.Equal(0, await courier.SendDue());
            Service.Clock.Advance(Moment);
            Assert.Equal(1, await courier.SendDue());
        }

        Receiver.Answer(200);
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(6, await courier.SendDue());

        webhook = await Find(webhookId);
        Assert.Equal((WebhookHealth.Active, 0, null, null), (webhook.Health, webhook.Failures, webhook.FailingSince, webhook.NextProbeAt));
        Assert.Empty(await Deliveries(webhookId, WebhookDeliveryState.Pending));
    }

    [Fact]
    public async Task Days_of_nothing_but_failures_disable_an_endpoint()
    {
        var webhookId = await Register();
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 2);
        for (var day = 0; day <= 5; day++)
        {
            Assert.NotEqual(WebhookHealth.Disabled, (await Find(webhookId)).Health);
            await CanceledJob();
            Assert.Equal(1, await courier.SendDue());
            Service.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
            await Service.Sweep<WebhookSweep>();
        }

        Assert.Equal(WebhookDisabled.Failing, (await Find(webhookId)).DisabledBecause);
    }

    [Fact]
    public async Task Neither_address_nor_secret_is_in_the_log()
    {
        await Register(new Uri($"{Receiver.Url}?token=in-the-address"));
        Receiver.Answer(500);
        await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();

        Assert.NotEmpty(courier.Log.Lines);
        Assert.Equal("/hooks?token=in-the-address", Receiver.Received.Single().Target);
        Assert.All(courier.Log.Lines, line =>
        {
            Assert.DoesNotContain("in-the-address", line.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(Convert.ToBase64String(Courier.Secret)[..8], line.Text, StringComparison.Ordinal);
        });
    }
}
