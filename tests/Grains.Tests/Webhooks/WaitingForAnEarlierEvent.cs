using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>A job's later event waits for an earlier one that is not taken: whoever looks for what is due comes upon it once, and not again and again.</summary>
[Collection<MediaCluster>]
public sealed class WaitingForAnEarlierEvent(ServiceFixture service) : WebhookScenario(service)
{
    // More than are put off at once.
    private const int Many = 6_000;

    [Fact]
    public async Task The_later_is_due_just_after_the_earlier()
    {
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());

        var deliveries = await Deliveries(webhookId);
        Assert.Equal(["job.started", "job.canceled"], deliveries.Select(delivery => delivery.Type));
        Assert.Equal(deliveries[0].NextAttemptAt + TimeSpan.FromMicroseconds(1), deliveries[1].NextAttemptAt);
        Assert.Equal([1, 0], deliveries.Select(delivery => delivery.AttemptCount));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task However_many_wait_what_need_not_is_sent_and_soon_none_of_them_is_in_the_way(bool seemFew)
    {
        var webhookId = await Register();
        if (seemFew)
            await AnalyzeWithOneEvent();
        await Service.Execute(
            """
            insert into webhook_delivery (endpoint_id, event_id, type, job_id, sequence, payload, state, created_at, tried_from, next_attempt_at)
            select $1, gen_random_uuid(), type, ('00000000-0000-0000-0000-' || lpad(job::text, 12, '0'))::uuid, sequence, '{}', 'pending', now(), now(),
                   now() + wait
            from generate_series(1, $2) as job, (values ('job.started', 1, interval '1 hour'), ('job.canceled', 2, interval '-1 hour')) as t (type, sequence, wait)
            """,
            webhookId, Many);
        var job = await CanceledJob();
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(0, await courier.SendDue());

        Assert.True(IsOf(Assert.Single(Receiver.Received), job.JobId));
        Assert.Equal(
            (0, Many),
            (await Service.Value<long>("select count(*) from webhook_delivery where state = 'pending' and next_attempt_at <= now()"),
             await Service.Value<long>("select count(*) from webhook_delivery where type = 'job.canceled' and next_attempt_at > now()")));
    }

    /// <summary>What the planner goes by from now on: each endpoint has one event, and each event an endpoint of its own.</summary>
    private async Task AnalyzeWithOneEvent()
    {
        await CanceledJob();
        await Service.Execute("analyze webhook_delivery");
        await Service.Execute("delete from webhook_delivery");
    }

    [Fact]
    public async Task When_the_earlier_is_sent_again_by_hand_the_later_follows_at_once()
    {
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service);
        Assert.Equal(1, await courier.SendDue());
        Receiver.Answer(200);

        await Webhooks.Redeliver(webhookId, (await Deliveries(webhookId))[0].EventId);

        Assert.Equal(2, await courier.SendDue());
        Assert.Equal(["job.started", "job.started", "job.canceled"], Receiver.Received.Select(TypeOf));
    }

    [Fact]
    public async Task When_the_earlier_is_given_up_for_want_of_room_the_later_has_its_turn()
    {
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => options.MaximumPendingPerEndpoint = 1);
        Assert.Equal(1, await courier.SendDue());
        Receiver.Answer(200);

        Assert.Equal(1, await courier.Sweep());

        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(
            [WebhookDeliveryState.Expired, WebhookDeliveryState.Delivered], (await Deliveries(webhookId)).Select(delivery => delivery.State));
    }

    [Fact]
    public async Task When_an_endpoint_is_back_what_waits_longest_is_sent_first()
    {
        var webhookId = await Register();
        var jobs = new[] { await CanceledJob(), await CanceledJob(), await CanceledJob() };
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => options.ConcurrencyPerEndpoint = 1);
        Assert.Equal(3, await courier.SendDue());
        Receiver.Answer(200);
        var first = (await Deliveries(webhookId))[0].EventId;
        await Service.Execute("update webhook_delivery set tried_from = now() where event_id = $1", first);

        await Webhooks.Change(new ChangeWebhook(webhookId, null, null, null, Enabled: false, MemberExtensions.Origin()));
        await Webhooks.Change(new ChangeWebhook(webhookId, null, null, null, Enabled: true, MemberExtensions.Origin()));

        // Those that are due at the same time would be sent in any order, in this one too.
        Assert.Equal(3, await Service.Value<long>("select count(distinct next_attempt_at) from webhook_delivery"));
        Assert.Equal(3, await courier.SendDue());
        Assert.Equal(
            [jobs[1].JobId, jobs[2].JobId, jobs[0].JobId], Receiver.Received.Skip(3).Select(received => JobOf(received).GetProperty("id").GetGuid()));
    }

    [Fact]
    public async Task What_is_given_up_while_it_is_claimed_is_not_sent()
    {
        await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        await using var held = await HeldRow.Take(Service, "update webhook_delivery set state = 'expired', ended_at = now() where state = 'pending'");

        var claim = courier.Queue.Claim(16, new Dictionary<Guid, int>(), Ct);
        await held.Blocks(claim);
        await held.Commit();

        Assert.Empty(await claim);
    }
}
