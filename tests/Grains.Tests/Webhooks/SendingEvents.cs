using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;
using Microsoft.Extensions.Time.Testing;
using System.Text.Json;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What happens to jobs comes to a real HTTP server.</summary>
[Collection<MediaCluster>]
public sealed class SendingEvents(ServiceFixture service) : WebhookScenario(service)
{
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
        await Pass(courier.Options.RetryDelay * 1.25);
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
        // The job took an hour.
        await Service.Execute("update webhook_delivery set tried_from = tried_from + interval '1 hour' where type = 'job.canceled'");
        Receiver.Answer(500);
        await using var courier = new Courier(Service);
        Assert.Equal(1, await courier.SendDue());

        WebhookDelivery delivery;
        while ((delivery = (await Deliveries(webhookId))[0]).State == WebhookDeliveryState.Pending)
        {
            var isLast = await Service.Value<bool>(
                "select next_attempt_at = tried_from + $1 from webhook_delivery where event_id = $2", courier.Options.GiveUpAfter, delivery.EventId);
            await PassUntilNearly(delivery.NextAttemptAt);
            Assert.Equal(0, await courier.SendDue());
            await Pass(Margin);
            Assert.Equal(isLast ? 2 : 1, await courier.SendDue());
        }

        Assert.Equal((WebhookDeliveryState.Expired, WebhookExpired.TimeOver), (delivery.State, delivery.ExpiredBecause));
        Assert.True(await Service.Value<bool>(
            "select ended_at >= tried_from + $1 from webhook_delivery where event_id = $2", courier.Options.GiveUpAfter, delivery.EventId));
        Assert.InRange(delivery.AttemptCount, 9, 15);
        Assert.Equal(delivery.AttemptCount, delivery.Attempts.Count);
        Assert.Single(Receiver.Received.Select(received => received.EventId).SkipLast(1).Distinct());
        Assert.Equal("job.canceled", TypeOf(Receiver.Received[^1]));
        // It has its own day, which is over an hour later.
        Assert.Equal((WebhookDeliveryState.Pending, null), ((await Deliveries(webhookId))[1].State, (await Deliveries(webhookId))[1].ExpiredBecause));
        await Pass(TimeSpan.FromHours(1));
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
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 3);

        var begin = await Now();
        // Two at once, as many as an endpoint may have.
        Assert.Equal(4, await courier.SendDue());
        var end = await Now();
        var webhook = await Find(webhookId);
        Assert.Equal((WebhookHealth.Failing, 4), (webhook.Health, webhook.Failures));
        Assert.InRange(webhook.FailingSince!.Value, begin, end);
        Assert.InRange(webhook.NextProbeAt!.Value, begin + courier.Options.ProbeInterval, end + courier.Options.ProbeInterval);
        for (var probe = 0; probe < 3; probe++)
        {
            await PassUntilNearly((await Find(webhookId)).NextProbeAt);
            Assert.Equal(0, await courier.SendDue());
            await Pass(Margin);
            Assert.Equal(1, await courier.SendDue());
        }

        Receiver.Answer(200);
        await Pass(courier.Options.ProbeInterval);
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
            await Pass(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(11));
            await Service.Sweep<WebhookSweep>();
        }

        Assert.Equal(WebhookDisabled.Failing, (await Find(webhookId)).DisabledBecause);
    }

    [Theory]
    [InlineData(-48)]
    [InlineData(48)]
    public async Task A_silo_whose_clock_is_wrong_sends_and_gives_up_as_the_others_do(int hours)
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(500);
        var clock = new FakeTimeProvider((await Now()).AddHours(hours));
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 1, time: clock);

        var begin = await Now();
        Assert.Equal(1, await courier.SendDue());
        var end = await Now();

        var (webhook, delivery) = (await Find(webhookId), (await Deliveries(webhookId)).Single());
        Assert.InRange(webhook.FailingSince!.Value, begin, end);
        Assert.InRange(webhook.NextProbeAt!.Value, begin + courier.Options.ProbeInterval, end + courier.Options.ProbeInterval);
        Assert.InRange(delivery.NextAttemptAt!.Value, begin + (courier.Options.RetryDelay * 0.75), end + (courier.Options.RetryDelay * 1.25));
        Assert.Equal((0, 0), (await courier.SendDue(), await courier.Sweep()));
        await Pass(courier.Options.RetryDelay * 1.25);
        Assert.Equal(1, await courier.SendDue());
        Receiver.Answer(200);
        await Pass(courier.Options.RetryDelay * 2.5);
        Assert.Equal((1, 0), (await courier.SendDue(), await courier.Sweep()));
        Assert.InRange((await Deliveries(webhookId)).Single().EndedAt!.Value, end, await Now());
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
