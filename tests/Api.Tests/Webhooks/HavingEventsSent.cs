using System.Text.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using AX2Caption.Testing.Webhooks;

namespace AX2Caption.Api.Tests.Webhooks;

/// <summary>A member of the whole service, from the registration of a webhook to what comes to it.</summary>
public sealed class HavingEventsSent(ServiceFixture fixture) : IAsyncLifetime
{
    private MemberClient member = null!;
    private Receiver receiver = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private CaptionClient Client => member.Client;

    public async ValueTask InitializeAsync()
    {
        member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        receiver = await Receiver.Start();
    }

    public async ValueTask DisposeAsync()
    {
        member.Dispose();
        await receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_job_is_told_from_start_to_end()
    {
        var webhook = (await Client.RegisterWebhook(new { url = receiver.Url }, Cancellation)).Webhook;
        var video = await Client.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await Client.WaitForEnd((await Client.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        await Eventually.Holds(() => Task.FromResult(receiver.Received.Count == 2));

        var told = receiver.Received.Select(received => JsonDocument.Parse(received.Body).RootElement).ToList();
        Assert.Equal(["job.started", "job.succeeded"], told.Select(one => one.GetProperty("type").GetString()));
        var last = told[1].GetProperty("data").GetProperty("job");
        Assert.Equal((job.Id, "succeeded", job.VideoId), (last.GetProperty("id").GetGuid(), last.GetProperty("state").GetString(), last.GetProperty("videoId").GetGuid()));
        Assert.Equal((job.CreatedAt, job.StartedAt, job.EndedAt), (Time("createdAt"), Time("startedAt"), Time("endedAt")));
        var deliveries = (await Client.Deliveries(webhook.Id, cancellationToken: Cancellation)).Items;
        Assert.Equal([job.Id, job.Id], deliveries.Select(delivery => delivery.JobId!.Value));
        Assert.Equal(receiver.Received.Select(received => received.Body).Reverse(), deliveries.Select(delivery => delivery.Payload));

        DateTimeOffset Time(string name) => last.GetProperty(name).GetDateTimeOffset();
    }

    [Fact]
    public async Task A_secret_is_shown_once_and_once_more_for_each_new_one()
    {
        var registered = await Client.RegisterWebhook(new { url = receiver.Url, description = "The pager" }, Cancellation);
        var rotated = await Client.RotateWebhookSecret(registered.Webhook.Id, Cancellation);
        await Client.TestWebhook(registered.Webhook.Id, Cancellation);
        using var one = await Client.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/webhooks/{registered.Webhook.Id}"), Cancellation);
        using var all = await Client.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/webhooks"), Cancellation);

        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", registered.Secret);
        Assert.Matches("^whsec_[A-Za-z0-9+/]{43}=$", rotated.Secret);
        Assert.NotEqual(registered.Secret, rotated.Secret);
        Assert.InRange(rotated.PreviousSecretUntil - registered.Webhook.CreatedAt, TimeSpan.FromDays(1), TimeSpan.FromDays(1.1));
        foreach (var answer in (HttpResponseMessage[])[one, all])
        {
            var text = await answer.Content.ReadAsStringAsync(Cancellation);
            Assert.Contains("The pager", text, StringComparison.Ordinal);
            Assert.DoesNotContain("whsec_", text, StringComparison.Ordinal);
            Assert.DoesNotContain(rotated.Secret["whsec_".Length..^4], text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_webhook_is_seen_changed_and_deleted()
    {
        var webhook = (await Client.RegisterWebhook(
            new { url = "https://hooks.example.com/", events = (string[])["job.failed", "job.started", "job.failed"], description = "The pager", enabled = false },
            Cancellation)).Webhook;

        Assert.Equal(("https://hooks.example.com/", "The pager", "disabled", "owner"), (webhook.Url, webhook.Description, webhook.State, webhook.DisabledBecause));
        Assert.Equal(["job.started", "job.failed"], webhook.Events);
        Assert.Equal($"{webhook with { Events = [] }}", $"{await Client.Webhook(webhook.Id, Cancellation) with { Events = [] }}");
        await Client.Send(CaptionClient.PostRequest($"/v1/webhooks/{webhook.Id}/test", new { }), Cancellation).Is(ErrorTable.WebhookDisabled);

        var changed = await Client.ChangeWebhook(webhook.Id, new { enabled = true, description = "", events = (string[])["job.canceled"] }, Cancellation);
        Assert.Equal(("active", null, null), (changed.State, changed.DisabledBecause, changed.Description));
        Assert.Equal(["job.canceled"], Assert.Single(await Client.Webhooks(Cancellation)).Events);

        using var deleted = await Client.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/webhooks/{webhook.Id}"), Cancellation);
        Assert.Equal(204, (int)deleted.StatusCode);
        await Client.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/webhooks/{webhook.Id}"), Cancellation).Is(ErrorTable.WebhookNotFound);
        Assert.Empty(await Client.Webhooks(Cancellation));
    }

    [Fact]
    public async Task What_is_not_taken_is_seen_with_its_attempts_and_sent_again_by_hand()
    {
        receiver.Answer(async (_, context) =>
        {
            context.Response.StatusCode = 500;
            await context.Response.Body.WriteAsync("Not today."u8.ToArray());
        });
        var webhook = (await Client.RegisterWebhook(new { url = receiver.Url }, Cancellation)).Webhook;
        var ping = await Client.TestWebhook(webhook.Id, Cancellation);
        Assert.Equal(("ping", null, "pending"), (ping.Type, ping.JobId, ping.State));

        var failed = await Client.WaitForDelivery(webhook.Id, ping.Id, delivery => delivery.Attempts.Count > 0, Cancellation);
        Assert.Equal((500, "bad_status", "Not today."), (failed.Attempts[0].Status, failed.Attempts[0].Error, failed.Attempts[0].Response));
        Assert.NotNull(failed.NextAttemptAt);
        Assert.Equal(ping.Id, Assert.Single((await Client.Deliveries(webhook.Id, "?state=pending", Cancellation)).Items).Id);

        receiver.Answer(204);
        await Client.Redeliver(webhook.Id, ping.Id, Cancellation);
        var delivered = await Client.WaitForDelivery(webhook.Id, ping.Id, delivery => delivery.State == "delivered", Cancellation);
        Assert.Equal((204, null, null), (delivered.Attempts[^1].Status, delivered.Attempts[^1].Error, delivered.NextAttemptAt));
        Assert.Empty((await Client.Deliveries(webhook.Id, "?state=pending", Cancellation)).Items);
        Assert.Single(receiver.Received.Select(received => received.EventId).Distinct());
        await Client.Send(CaptionClient.PostRequest($"/v1/webhooks/{webhook.Id}/deliveries/{webhook.Id}/redeliver", new { }), Cancellation)
            .Is(ErrorTable.DeliveryNotFound);
    }

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data/", "url must lead to a host of the public internet.")]
    [InlineData("https://10.0.0.1/", "url must lead to a host of the public internet.")]
    [InlineData("https://[::1]/", "url must lead to a host of the public internet.")]
    [InlineData("https://hooks/", "url must lead to a host of the public internet.")]
    [InlineData("ftp://hooks.example.com/", "url must be an https address in ASCII, such as https://hooks.example.com/captions.")]
    [InlineData("https://user:password@hooks.example.com/", "url must not have a user or a password in it.")]
    [InlineData("https://hooks.example.com:22/", "url must not name a port other than 443.")]
    public async Task An_address_that_nothing_is_sent_to_is_refused(string url, string says)
    {
        var problem = await Client.Send(CaptionClient.PostRequest("/v1/webhooks", new { url }), Cancellation).Is(ErrorTable.WebhookUrlRefused);
        Assert.Equal(says, problem.Detail);

        var webhook = (await Client.RegisterWebhook(new { url = receiver.Url }, Cancellation)).Webhook;
        await Client.Send(
            new HttpRequestMessage(HttpMethod.Patch, $"/v1/webhooks/{webhook.Id}") { Content = System.Net.Http.Json.JsonContent.Create(new { url }) }, Cancellation)
            .Is(ErrorTable.WebhookUrlRefused);
    }

    [Theory]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":""}""", "url")]
    [InlineData("""{"url":"https://hooks.example.com/","events":[]}""", "events")]
    [InlineData("""{"url":"https://hooks.example.com/","events":["ping"]}""", "events[0]")]
    [InlineData("""{"url":"https://hooks.example.com/","events":["job.failed","job.queued"]}""", "events[1]")]
    [InlineData("""{"url":"https://hooks.example.com/","description":""}""", "description")]
    [InlineData("""{"url":"https://hooks.example.com/","enabled":"yes"}""", "enabled")]
    [InlineData("""{"url":"https://hooks.example.com/","secret":"whsec_mine"}""", "secret")]
    public async Task A_body_that_is_not_as_documented_is_refused_by_name(string body, string field)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/webhooks")
        {
            Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };

        var problem = await Client.Send(request, Cancellation).Is(ErrorTable.InvalidRequest);

        Assert.Equal(field, problem.Members["errors"][0].GetProperty("field").GetString());
    }

    [Fact]
    public async Task There_are_five_webhooks_and_no_more()
    {
        for (var i = 0; i < 5; i++)
            await Client.RegisterWebhook(new { url = receiver.Url }, Cancellation);

        var problem = await Client.Send(CaptionClient.PostRequest("/v1/webhooks", new { url = receiver.Url }), Cancellation).Is(ErrorTable.TooManyWebhooks);

        Assert.Equal(5, problem.Members["limit"].GetInt32());
    }

    [Fact]
    public async Task Who_changes_a_webhook_is_known_and_neither_its_address_nor_its_secret()
    {
        var registered = await Client.RegisterWebhook(new { url = "https://hooks.example.com/?token=in-the-address" }, Cancellation);
        await Client.ChangeWebhook(registered.Webhook.Id, new { enabled = false }, Cancellation);
        await Client.RotateWebhookSecret(registered.Webhook.Id, Cancellation);
        await Client.Send(new HttpRequestMessage(HttpMethod.Delete, $"/v1/webhooks/{registered.Webhook.Id}"), Cancellation);

        var events = (await fixture.Operator.Events($"?accountId={member.AccountId}&limit=100", Cancellation)).Items
            .Where(@event => @event.Kind.StartsWith("webhook_", StringComparison.Ordinal)).ToList();

        Assert.Equal(["webhook_deleted", "webhook_secret_rotated", "webhook_changed", "webhook_registered"], events.Select(@event => @event.Kind));
        Assert.All(events, @event => Assert.Equal(("owner", $"webhook {registered.Webhook.Id}"), (@event.Actor, @event.Detail)));
    }
}
