using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Testing.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>Several silos send, die, are slow and stop.</summary>
[Collection<MediaCluster>]
public sealed class SendersBesideEachOther(ServiceFixture service) : WebhookScenario(service)
{
    [Fact]
    public async Task Two_silos_at_once_send_every_event_once_and_each_jobs_in_order()
    {
        var webhookId = await Register();
        await using var other = await Receiver.Start();
        var otherId = await Register(other.Url);
        var jobs = new List<Guid>();
        for (var i = 0; i < 10; i++)
            jobs.Add((await StartedAndCanceledJob()).JobId);
        var accepted = new List<Received>();
        var turns = 0;
        foreach (var receiver in (Receiver[])[Receiver, other])
        {
            receiver.Answer((received, context) =>
            {
                lock (accepted)
                {
                    if (++turns % 3 == 0)
                        context.Response.StatusCode = 503;
                    else if (receiver == Receiver)
                        accepted.Add(received);
                }

                return Task.CompletedTask;
            });
        }

        await using var one = new Courier(Service);
        await using var two = new Courier(Service);
        for (var round = 0; round < 100 && await Pending() > 0; round++)
        {
            await Task.WhenAll(one.SendDue(), two.SendDue());
            await Pass(TimeSpan.FromHours(1));
        }

        Assert.Equal(0, await Pending());
        Assert.Equal(20, accepted.Count);
        Assert.All(jobs, jobId => Assert.Equal(["job.started", "job.canceled"], accepted.Where(received => IsOf(received, jobId)).Select(TypeOf)));
        // Not even tried before the earlier one was taken.
        Assert.All(jobs, jobId => Assert.Equal(
            "job.canceled", Receiver.Received.Where(received => IsOf(received, jobId)).SkipWhile(received => TypeOf(received) == "job.started")
                .Select(TypeOf).Distinct().Single()));
        Assert.All(
            [.. await Deliveries(webhookId), .. await Deliveries(otherId)], delivery => Assert.Equal(WebhookDeliveryState.Delivered, delivery.State));

        Task<long> Pending() => Service.Value<long>("select count(*) from webhook_delivery where state = 'pending'");
    }

    [Fact]
    public async Task A_slow_endpoint_holds_up_nobody_else_and_is_not_sent_more_than_it_may_be_at_once()
    {
        await using var slow = await Receiver.Start();
        await Register(slow.Url);
        for (var i = 0; i < 6; i++)
            await CanceledJob();
        await Register();
        for (var i = 0; i < 3; i++)
            await CanceledJob();
        var end = new TaskCompletionSource();
        slow.Answer((_, _) => end.Task);
        await using var courier = new Courier(Service, options =>
        {
            (options.Concurrency, options.ConcurrencyPerEndpoint) = (4, 2);
            (options.Timeout, options.PollInterval) = (TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50));
        });
        await using var rival = new Courier(Service, options => options.ConcurrencyPerEndpoint = 2);

        await courier.Sender.StartAsync(Ct);
        await Until(() => Receiver.Received.Count == 3 && slow.Received.Count == 2);
        await Until(async () => await Service.Value<long>("select count(*) from webhook_delivery where state = 'delivered'") == 3);
        // Another silo does not come on top.
        Assert.Equal(0, await rival.SendDue());
        Assert.Equal(2, slow.Received.Count);

        end.SetResult();
        await Until(async () => await Service.Value<long>("select count(*) from webhook_delivery where state = 'delivered'") == 12);
        await courier.Sender.StopAsync(Ct);
        Assert.Equal(9, slow.Received.Count);
    }

    [Fact]
    public async Task An_account_whose_endpoints_are_all_slow_leaves_places_to_others()
    {
        await using var slow = await Receiver.Start();
        for (var i = 0; i < 3; i++)
            await Register(slow.Url);
        for (var i = 0; i < 2; i++)
            await CanceledJob();
        var strangerId = await Service.SignUp("eve@example.com");
        Assert.IsType<RegisterWebhookResult.Registered>(await WebhooksOf(strangerId).Register(NewWebhook(Receiver.Url)));
        var end = new TaskCompletionSource();
        slow.Answer((_, _) => end.Task);
        await using var courier = new Courier(Service, options =>
        {
            (options.Concurrency, options.ConcurrencyPerAccount, options.ConcurrencyPerEndpoint) = (6, 5, 2);
            (options.Timeout, options.PollInterval) = (TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50));
        });

        await courier.Sender.StartAsync(Ct);
        await Until(() => slow.Received.Count == 5);
        var job = await Service.SubmitJob(strangerId, await Service.ReadyVideo(strangerId));
        await Service.Job(job.JobId).Cancel(strangerId);
        await Until(() => Receiver.Received.Count == 1);
        // The sender has looked again since, with a place free: the sixth event of the account stays where it is.
        Assert.Equal(5, slow.Received.Count);

        end.SetResult();
        await Until(async () => await Service.Value<long>("select count(*) from webhook_delivery where state = 'delivered'") == 7);
        await courier.Sender.StopAsync(Ct);
    }

    [Theory]
    [InlineData(0, 4)]
    [InlineData(1, 3)]
    [InlineData(3, 1)]
    [InlineData(4, 0)]
    [InlineData(5, 0)]
    public async Task Of_an_account_no_more_is_taken_than_it_has_places_left_and_of_another_as_ever(int underWay, int taken)
    {
        for (var i = 0; i < 3; i++)
            await Register();
        for (var i = 0; i < 2; i++)
            await CanceledJob();
        var strangerId = await Service.SignUp("eve@example.com");
        Assert.IsType<RegisterWebhookResult.Registered>(await WebhooksOf(strangerId).Register(NewWebhook(Receiver.Url)));
        var job = await Service.SubmitJob(strangerId, await Service.ReadyVideo(strangerId));
        await Service.Job(job.JobId).Cancel(strangerId);
        await using var courier = new Courier(Service, options => options.ConcurrencyPerAccount = 4);

        var claimed = await courier.Queue.Claim(16, new Dictionary<Guid, int> { [MemberId] = underWay }, Ct);

        Assert.Equal((taken, 1), (claimed.Count(delivery => delivery.AccountId == MemberId), claimed.Count(delivery => delivery.AccountId == strangerId)));
        // Each once, and no endpoint beyond its own bound.
        Assert.Equal(claimed.Count, claimed.Select(delivery => (delivery.EndpointId, delivery.EventId)).Distinct().Count());
        Assert.All(claimed.CountBy(delivery => delivery.EndpointId), endpoint => Assert.InRange(endpoint.Value, 1, courier.Options.ConcurrencyPerEndpoint));
    }

    [Fact]
    public async Task A_sender_that_stops_brings_to_an_end_what_is_under_way_and_begins_nothing()
    {
        await Register();
        await CanceledJob();
        var (came, end) = (new TaskCompletionSource(), new TaskCompletionSource());
        Receiver.Answer((_, _) =>
        {
            came.TrySetResult();
            return end.Task;
        });
        await using var courier = new Courier(Service, options => (options.Timeout, options.PollInterval) = (TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(50)));
        await courier.Sender.StartAsync(Ct);
        await came.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);

        var stopping = courier.Sender.StopAsync(Ct);
        await CanceledJob();
        Assert.False(stopping.IsCompleted);
        end.SetResult();
        await stopping;

        Assert.Single(Receiver.Received);
        Assert.Equal(1, await Service.Value<long>("select count(*) from webhook_delivery where state = 'delivered'"));
    }

    [Fact]
    public async Task A_sender_goes_on_when_the_database_was_away()
    {
        await Register();
        await using var courier = new Courier(Service, options => options.PollInterval = TimeSpan.FromMilliseconds(50));
        await courier.Sender.StartAsync(Ct);
        await Service.Execute("alter table webhook_endpoint rename to away");
        try
        {
            await Until(() => courier.Log.Lines.Any(line => line.Text.Contains("could not be looked for", StringComparison.Ordinal)));
        }
        finally
        {
            await Service.Execute("alter table away rename to webhook_endpoint");
        }

        await CanceledJob();
        await Until(async () => await Service.Value<long>("select count(*) from webhook_delivery where state = 'delivered'") == 1);
        await courier.Sender.StopAsync(Ct);
    }

    [Fact]
    public async Task An_event_whose_sender_died_is_sent_again_when_its_lease_is_over_under_the_same_id()
    {
        var webhookId = await Register();
        await CanceledJob();
        using var death = new CancellationTokenSource();
        // It dies when the receiver has the event and nobody knows.
        Receiver.Answer((_, _) => death.CancelAsync());
        await using (var dying = new Courier(Service))
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => dying.SendDue(death.Token));
        Receiver.Answer(200);
        await using var courier = new Courier(Service);

        Assert.Equal(0, await courier.SendDue());
        await LoseLeases();
        Assert.Equal(1, await courier.SendDue());

        Assert.Equal(2, Receiver.Received.Count);
        Assert.Single(Receiver.Received.Select(received => received.EventId).Distinct());
        Assert.Equal((WebhookDeliveryState.Delivered, 2), (await Deliveries(webhookId)).Select(delivery => (delivery.State, delivery.AttemptCount)).Single());
    }

    [Fact]
    public async Task What_a_sender_learns_after_its_lease_was_lost_counts_no_more()
    {
        var webhookId = await Register();
        await CanceledJob();
        var (came, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        Receiver.Answer(async (_, context) =>
        {
            if (came.TrySetResult())
            {
                await goOn.Task;
                context.Response.StatusCode = 500;
            }
        });
        await using var slow = new Courier(Service);
        await using var quick = new Courier(Service);

        var late = slow.SendDue();
        await came.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);
        await LoseLeases();
        Assert.Equal(1, await quick.SendDue());
        goOn.SetResult();
        await late;

        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal((WebhookDeliveryState.Delivered, 200), (delivery.State, delivery.Attempts.Single().Status));
        Assert.Equal(0, (await Find(webhookId)).Failures);
        Assert.Contains(slow.Log.Lines, line => line.Text.Contains("longer than its lease", StringComparison.Ordinal));
    }
}
