using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Mail;
using AX2Caption.Testing.Webhooks;
using Microsoft.AspNetCore.Http;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What an endpoint can answer, and what is made of it.</summary>
[Collection<MediaCluster>]
public sealed class AnswersOfReceivers(ServiceFixture service) : WebhookScenario(service)
{
    [Theory]
    [InlineData(200, null)]
    [InlineData(202, null)]
    [InlineData(204, null)]
    [InlineData(299, null)]
    [InlineData(304, WebhookFault.Redirected)]
    [InlineData(400, WebhookFault.BadStatus)]
    [InlineData(401, WebhookFault.BadStatus)]
    [InlineData(404, WebhookFault.BadStatus)]
    [InlineData(429, WebhookFault.BadStatus)]
    [InlineData(500, WebhookFault.BadStatus)]
    [InlineData(503, WebhookFault.BadStatus)]
    public async Task Only_a_status_of_success_is_one(int status, WebhookFault? fault)
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(status);
        await using var courier = new Courier(Service);

        await courier.SendDue();

        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal(fault is null ? WebhookDeliveryState.Delivered : WebhookDeliveryState.Pending, delivery.State);
        Assert.Equal((status, fault), (delivery.Attempts.Single().Status, delivery.Attempts.Single().Fault));
        Assert.Equal(fault is null ? 0 : 1, (await Find(webhookId)).Failures);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirection_is_a_failure_and_nobody_goes_where_it_leads(int status)
    {
        await using var inside = await Receiver.Start();
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(status, ("Location", $"{inside.Url}"));
        await using var courier = new Courier(Service);

        await courier.SendDue();

        Assert.Empty(inside.Received);
        Assert.Equal(WebhookFault.Redirected, (await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Fact]
    public async Task An_endpoint_that_is_gone_is_disabled_and_its_events_wait_for_its_owner()
    {
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(410);
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());

        var webhook = await Find(webhookId);
        Assert.Equal((WebhookHealth.Disabled, WebhookDisabled.Gone), (webhook.Health, webhook.DisabledBecause));
        Assert.Equal([WebhookDeliveryState.Expired, WebhookDeliveryState.Pending], (await Deliveries(webhookId)).Select(delivery => delivery.State));
        await CanceledJob(); // of which nothing is kept for it

        Receiver.Answer(200);
        await Webhooks.Change(new ChangeWebhook(webhookId, null, null, null, Enabled: true, Accounts.MemberExtensions.Origin()));
        Assert.Equal(1, await courier.SendDue());
        Assert.Equal(["job.started", "job.canceled"], Receiver.Received.Select(TypeOf));
    }

    [Fact]
    public async Task Retry_After_is_waited_for()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service);
        Receiver.Answer(503, ("Retry-After", "120"));

        await courier.SendDue();
        Assert.Equal(Service.Clock.GetUtcNow().AddSeconds(120), (await Deliveries(webhookId)).Single().NextAttemptAt);

        Service.Clock.Advance(TimeSpan.FromSeconds(120));
        Receiver.Answer(429, ("Retry-After", Service.Clock.GetUtcNow().AddMinutes(10).ToString("R", CultureInfo.InvariantCulture)));
        await courier.SendDue();
        var wait = (await Deliveries(webhookId)).Single().NextAttemptAt!.Value - Service.Clock.GetUtcNow();
        Assert.InRange(wait, TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10)); // the header knows whole seconds

        Service.Clock.Advance(wait);
        Receiver.Answer(503, ("Retry-After", "9999999"));
        await courier.SendDue();
        Assert.Equal(Service.Clock.GetUtcNow() + courier.Options.MaximumRetryDelay, (await Deliveries(webhookId)).Single().NextAttemptAt);
    }

    [Fact]
    public async Task An_endpoint_that_does_not_answer_is_not_waited_for()
    {
        var webhookId = await Register();
        await CanceledJob();
        var end = new TaskCompletionSource();
        Receiver.Answer((_, _) => end.Task);
        await using var courier = new Courier(Service, options => options.Timeout = TimeSpan.FromSeconds(1));

        await courier.SendDue();

        var attempt = (await Deliveries(webhookId)).Single().Attempts.Single();
        Assert.Equal((null, WebhookFault.Timeout), (attempt.Status, attempt.Fault));
        Assert.True(attempt.Duration >= TimeSpan.FromSeconds(0.9), $"{attempt.Duration}");
        end.SetResult();
    }

    [Fact]
    public async Task An_endpoint_that_nobody_listens_at_is_a_failure()
    {
        var webhookId = await Register();
        await CanceledJob();
        await Receiver.DisposeAsync();
        await using var courier = new Courier(Service);

        await courier.SendDue();

        Assert.Equal(WebhookFault.ConnectionFailed, (await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n", WebhookFault.InvalidAnswer)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Le", WebhookFault.ConnectionFailed)]
    [InlineData("", WebhookFault.ConnectionFailed)]
    public async Task What_is_no_answer_is_a_failure(string says, WebhookFault fault)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var webhookId = await Register(new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/"));
        await CanceledJob();
        await using var courier = new Courier(Service);

        var sending = courier.SendDue();
        using (var client = await listener.AcceptTcpClientAsync(Ct))
        {
            var stream = client.GetStream();
            // As much as there is: closing over unread bytes would be another fault.
            var request = new byte[64 * 1024];
            var text = "";
            while (!text.EndsWith("}", StringComparison.Ordinal))
                text += Encoding.ASCII.GetString(request, 0, await stream.ReadAsync(request, Ct));
            await stream.WriteAsync(Encoding.ASCII.GetBytes(says), Ct);
        }

        await sending;
        Assert.Equal(fault, (await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Fact]
    public async Task TLS_is_spoken_with_who_has_a_certificate_to_be_trusted_and_with_nobody_else()
    {
        using var untrusted = TrustedCertificate.NewUntrusted();
        await using var good = await Receiver.Start(TrustedCertificate.Get());
        await using var bad = await Receiver.Start(untrusted);
        var goodId = await Register(new Uri($"https://localhost:{good.Port}/"));
        var badId = await Register(new Uri($"https://localhost:{bad.Port}/"));
        var misnamedId = await Register(new Uri($"https://127.0.0.1:{good.Port}/"));
        await CanceledJob();
        await using var courier = new Courier(Service);

        Assert.Equal(3, await courier.SendDue());

        Assert.Null((await Deliveries(goodId)).Single().Attempts.Single().Fault);
        Assert.Equal(WebhookFault.TlsFailed, (await Deliveries(badId)).Single().Attempts.Single().Fault);
        Assert.Equal(WebhookFault.TlsFailed, (await Deliveries(misnamedId)).Single().Attempts.Single().Fault);
        Assert.Equal((1, 0), (good.Received.Count, bad.Received.Count));
    }

    [Fact]
    public async Task Of_an_answer_the_beginning_is_kept_as_text_and_not_more_is_read_than_must_be()
    {
        var webhookId = await Register();
        await CanceledJob();
        var ends = new TaskCompletionSource();
        Receiver.Answer(async (_, context) =>
        {
            await context.Response.WriteAsync("No\0 thanks.\n" + new string('가', 40_000), context.RequestAborted);
            await ends.Task; // a body that has no end
        });
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());

        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal(WebhookDeliveryState.Delivered, delivery.State);
        Assert.Equal("No\uFFFD thanks.\n" + new string('가', 1_024 - 12), delivery.Attempts.Single().Response);
        ends.SetResult();
    }
}
