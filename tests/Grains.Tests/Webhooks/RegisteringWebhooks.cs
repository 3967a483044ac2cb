using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Passwords;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Webhooks;

[Collection<MediaCluster>]
public sealed class RegisteringWebhooks(ServiceFixture service) : WebhookScenario(service)
{
    private const int Limit = 5;

    [Fact]
    public async Task A_webhook_is_as_it_was_registered_and_the_call_may_be_repeated()
    {
        var command = NewWebhook(Receiver.Url, WebhookEventTypes.JobFailed) with { Description = "The pager" };

        var registered = Assert.IsType<RegisterWebhookResult.Registered>(await Webhooks.Register(command)).Webhook;
        var again = Assert.IsType<RegisterWebhookResult.Registered>(await Webhooks.Register(command)).Webhook;

        Assert.Equal((command.WebhookId, command.Url, "The pager"), (registered.WebhookId, registered.Url, registered.Description));
        Assert.Equal((WebhookHealth.Active, 0, Service.Clock.GetUtcNow()), (registered.Health, registered.Failures, registered.CreatedAt));
        Assert.Equal([WebhookEventTypes.JobFailed], registered.Events);
        Assert.Equivalent(registered, again, strict: true);
        Assert.Equivalent(registered, (await Webhooks.List(Ct)).Single(), strict: true);
        Assert.Equivalent(registered, await Find(command.WebhookId), strict: true);
        Assert.Equal(1, await Service.Events("webhook_registered"));
    }

    [Fact]
    public async Task Only_an_open_account_of_a_member_has_webhooks()
    {
        var guestId = await Service.NewGuest();

        Assert.IsType<RegisterWebhookResult.NotAMember>(await WebhooksOf(guestId).Register(NewWebhook(Receiver.Url)));
        Assert.IsType<RegisterWebhookResult.NotAMember>(await WebhooksOf(Guid.CreateVersion7()).Register(NewWebhook(Receiver.Url)));
        await Service.Account(MemberId).Delete(Digests.Of(Password), Origin());
        Assert.IsType<RegisterWebhookResult.NotAMember>(await Webhooks.Register(NewWebhook(Receiver.Url)));
        Assert.Equal(0, await Service.Value<long>("select count(*) from webhook_endpoint"));
    }

    [Fact]
    public async Task There_are_no_more_than_the_limit_however_many_are_registered_at_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 2 * Limit).Select(i =>
            Service.From(silo: i).GetGrain<IWebhookIndexGrain>(MemberId).Register(NewWebhook(Receiver.Url))));

        Assert.Equal(Limit, results.OfType<RegisterWebhookResult.Registered>().Count());
        Assert.All(results.OfType<RegisterWebhookResult.TooMany>(), refusal => Assert.Equal(Limit, refusal.Limit));
        Assert.Equal(Limit, (await Webhooks.List(Ct)).Count);
        Assert.True(await Webhooks.Delete((await Webhooks.List(Ct))[0].WebhookId, Origin()));
        await Register();
    }

    [Fact]
    public async Task What_is_left_out_of_a_change_stays()
    {
        var webhookId = await Register();

        await Change(new ChangeWebhook(webhookId, null, null, "The pager", null, Origin()));
        Assert.Equal("The pager", (await Find(webhookId)).Description);
        await Change(new ChangeWebhook(webhookId, "https://hooks.example.com/", null, null, null, Origin()));
        await Change(new ChangeWebhook(webhookId, null, [WebhookEventTypes.JobFailed], null, null, Origin()));
        var changed = await Find(webhookId);
        Assert.Equal(("https://hooks.example.com/", "The pager"), (changed.Url, changed.Description));
        Assert.Equal([WebhookEventTypes.JobFailed], changed.Events);
        await Change(new ChangeWebhook(webhookId, null, null, "", null, Origin()));
        Assert.Null((await Find(webhookId)).Description);
        Assert.Equal(4, await Service.Events("webhook_changed"));
    }

    [Fact]
    public async Task Enabled_again_or_moved_it_begins_with_a_clean_record_and_what_waits_is_sent_at_once()
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(500);
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 1);
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(WebhookHealth.Failing, (await Find(webhookId)).Health);
        await Change(new ChangeWebhook(webhookId, null, null, "The pager", Enabled: true, Origin()));
        Assert.Equal(0, await courier.SendDue());

        await Change(new ChangeWebhook(webhookId, $"{Receiver.Url}/moved", null, null, null, Origin()));
        Assert.Equal(WebhookHealth.Active, (await Find(webhookId)).Health);
        Assert.Equal(1, await courier.SendDue());

        await Change(new ChangeWebhook(webhookId, null, null, null, Enabled: false, Origin()));
        Assert.Equal(WebhookDisabled.Owner, (await Find(webhookId)).DisabledBecause);
        Receiver.Answer(200);
        await Change(new ChangeWebhook(webhookId, null, null, null, Enabled: true, Origin()));
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(["/hooks", "/hooks/moved", "/hooks/moved"], Receiver.Received.Select(received => received.Target));
    }

    [Fact]
    public async Task Another_account_finds_nothing()
    {
        var webhookId = await Register();
        await CanceledJob();
        var eventId = (await Deliveries(webhookId)).Single().EventId;
        var stranger = WebhooksOf(await Service.SignUp("eve@example.com"));

        Assert.Null(await stranger.Find(webhookId, Ct));
        Assert.Empty(await stranger.List(Ct));
        Assert.IsType<ChangeWebhookResult.NotFound>(await stranger.Change(new ChangeWebhook(webhookId, null, null, "Mine", null, Origin())));
        Assert.False(await stranger.Delete(webhookId, Origin()));
        Assert.Null(await stranger.RotateSecret(new RotateWebhookSecret(webhookId, new byte[32], Origin())));
        Assert.IsType<WebhookDeliveryResult.WebhookNotFound>(await stranger.Ping(webhookId, Guid.CreateVersion7()));
        Assert.Null(await stranger.ListDeliveries(new WebhookDeliveryQuery(webhookId, null, null, 10), Ct));
        Assert.IsType<WebhookDeliveryResult.WebhookNotFound>(await stranger.FindDelivery(webhookId, eventId, Ct));
        Assert.IsType<WebhookDeliveryResult.WebhookNotFound>(await stranger.Redeliver(webhookId, eventId));
        // Nor does a registration under the id of another's.
        await Assert.ThrowsAsync<ServiceUnavailableException>(() => stranger.Register(NewWebhook(Receiver.Url) with { WebhookId = webhookId }));
        Assert.Null((await Find(webhookId)).Description);
    }

    [Fact]
    public async Task Deleting_takes_everything_along_and_may_be_repeated()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();

        Assert.True(await Webhooks.Delete(webhookId, Origin()));
        Assert.True(await Webhooks.Delete(webhookId, Origin()));
        Assert.False(await Webhooks.Delete(Guid.CreateVersion7(), Origin()));

        Assert.Equal(0, await Service.Value<long>(
            "select (select count(*) from webhook_endpoint) + (select count(*) from webhook_delivery) + (select count(*) from webhook_attempt)"));
        Assert.Equal(1, await Service.Events("webhook_deleted"));
    }

    [Fact]
    public async Task An_account_that_is_deleted_takes_its_webhooks_along()
    {
        await Register(new Uri("https://hooks.example.com/"));
        await CanceledJob();

        Assert.IsType<ConfirmedByPassword.Done>(await Service.Account(MemberId).Delete(Digests.Of(Password), Origin()));

        Assert.Equal(0, await Service.Value<long>("select (select count(*) from webhook_endpoint) + (select count(*) from webhook_delivery)"));
        Assert.Equal(0, await Service.Value<long>("select count(*) from audit_event where kind like 'webhook%' and detail is not null"));
    }

    [Fact]
    public async Task A_ping_tells_of_nothing_and_while_it_waits_there_is_no_second_one()
    {
        var webhookId = await Register(null, WebhookEventTypes.JobFailed);
        var eventId = Guid.CreateVersion7();

        var pings = await Task.WhenAll(Enumerable.Range(0, 6).Select(i =>
            Service.From(silo: i).GetGrain<IWebhookIndexGrain>(MemberId).Ping(webhookId, i == 0 ? eventId : Guid.CreateVersion7())));

        var ping = Assert.Single(pings.Select(result => Assert.IsType<WebhookDeliveryResult.Found>(result).Delivery.EventId).Distinct());
        await using var courier = new Courier(Service);
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal((ping, "ping"), (Receiver.Received.Single().EventId, TypeOf(Receiver.Received.Single())));
        // A call whose answer was lost.
        var again = Assert.IsType<WebhookDeliveryResult.Found>(await Webhooks.Ping(webhookId, ping)).Delivery;
        Assert.Equal((ping, WebhookDeliveryState.Delivered), (again.EventId, again.State));
        Assert.Equal(0, await courier.SendDue());
        Assert.NotEqual(ping, Assert.IsType<WebhookDeliveryResult.Found>(await Webhooks.Ping(webhookId, Guid.CreateVersion7())).Delivery.EventId);

        await Change(new ChangeWebhook(webhookId, null, null, null, Enabled: false, Origin()));
        Assert.IsType<WebhookDeliveryResult.Disabled>(await Webhooks.Ping(webhookId, Guid.CreateVersion7()));
        Assert.IsType<WebhookDeliveryResult.WebhookNotFound>(await Webhooks.Ping(Guid.CreateVersion7(), Guid.CreateVersion7()));
    }

    [Fact]
    public async Task Deliveries_come_page_by_page_and_by_their_state()
    {
        var webhookId = await Register();
        for (var i = 0; i < 3; i++)
            await CanceledJob();
        await using var courier = new Courier(Service);
        await courier.SendDue();
        for (var i = 0; i < 2; i++)
            await CanceledJob();

        var seen = new List<WebhookDelivery>();
        PageCursor? after = null;
        do
        {
            var page = (await Webhooks.ListDeliveries(new WebhookDeliveryQuery(webhookId, null, after, 2), Ct))!;
            Assert.InRange(page.Deliveries.Count, 1, 2);
            seen.AddRange(page.Deliveries);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(5, seen.Select(delivery => delivery.EventId).Distinct().Count());
        Assert.Equal(seen.OrderByDescending(delivery => delivery.CreatedAt).ThenByDescending(delivery => $"{delivery.EventId}", StringComparer.Ordinal), seen);
        Assert.Equal(3, (await Deliveries(webhookId, WebhookDeliveryState.Delivered)).Count);
        Assert.Equal(2, (await Deliveries(webhookId, WebhookDeliveryState.Pending)).Count);
        Assert.Empty(await Deliveries(webhookId, WebhookDeliveryState.Expired));
        var one = Assert.IsType<WebhookDeliveryResult.Found>(await Webhooks.FindDelivery(webhookId, seen[4].EventId, Ct)).Delivery;
        Assert.Equivalent(seen[4], one, strict: true);
    }

    private async Task Change(ChangeWebhook command) => Assert.IsType<ChangeWebhookResult.Changed>(await Webhooks.Change(command));
}
