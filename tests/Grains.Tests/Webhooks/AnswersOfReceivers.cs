using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Mail;
using AX2Caption.Testing.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
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
        Assert.Equal(
            [(WebhookDeliveryState.Expired, WebhookExpired.Gone), (WebhookDeliveryState.Pending, null)],
            (await Deliveries(webhookId)).Select(delivery => (delivery.State, delivery.ExpiredBecause)));
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
        await using var courier = new Courier(Service, options => options.RetryDelay = TimeSpan.FromSeconds(1));

        Receiver.Answer(503, ("Retry-After", "1200"));
        await Waits(TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(20));

        Receiver.Answer(429, ("Retry-After", Service.Clock.GetUtcNow().AddMinutes(10).ToString("R", CultureInfo.InvariantCulture)));
        await Waits(TimeSpan.FromMinutes(9.9), TimeSpan.FromMinutes(10)); // the header knows whole seconds

        Receiver.Answer(503, ("Retry-After", "9999999"));
        await Waits(courier.Options.MaximumRetryDelay, courier.Options.MaximumRetryDelay);

        async Task Waits(TimeSpan least, TimeSpan most)
        {
            var begin = await Now();
            Assert.Equal(1, await courier.SendDue());
            var next = (await Deliveries(webhookId)).Single().NextAttemptAt!.Value;
            Assert.InRange(next, begin + least, await Now() + most);
            await Pass(most);
        }
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
            {
                var read = await stream.ReadAsync(request, Ct);
                Assert.NotEqual(0, read);
                text += Encoding.ASCII.GetString(request, 0, read);
            }

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
        // No time limit is ever over.
        await using var courier = new Courier(Service, time: new FakeTimeProvider());

        Assert.Equal(1, await courier.SendDue());

        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal(WebhookDeliveryState.Delivered, delivery.State);
        Assert.Equal("No\uFFFD thanks.\n" + new string('가', 1_024 - 12), delivery.Attempts.Single().Response);
        ends.SetResult();
    }

    [Theory]
    [InlineData(1_024, 'a')]
    [InlineData(1_024, '가')]
    [InlineData(2_000, 'a')]
    public async Task Nobody_waits_for_more_of_an_answer_than_is_kept(int written, char character)
    {
        var webhookId = await Register();
        await CanceledJob();
        var ends = new TaskCompletionSource();
        Receiver.Answer(async (_, context) =>
        {
            await context.Response.WriteAsync(new string(character, written), context.RequestAborted);
            await ends.Task;
        });
        // No time limit is ever over.
        await using var courier = new Courier(Service, time: new FakeTimeProvider());

        Assert.Equal(1, await courier.SendDue().WaitAsync(TimeSpan.FromMinutes(1), Ct));

        Assert.Equal(new string(character, 1_024), (await Deliveries(webhookId)).Single().Attempts.Single().Response);
        ends.SetResult();
    }

    [Fact]
    public async Task Who_is_slow_with_the_rest_of_an_answer_is_not_waited_for()
    {
        var webhookId = await Register();
        await CanceledJob();
        var (came, ends) = (new TaskCompletionSource(), new TaskCompletionSource());
        Receiver.Answer(async (_, context) =>
        {
            await context.Response.WriteAsync("Wait, there is", context.RequestAborted);
            came.SetResult();
            await ends.Task;
        });
        var clock = new FakeTimeProvider();
        var begin = clock.GetUtcNow();
        await using var courier = new Courier(Service, options => options.Timeout = TimeSpan.FromMinutes(1), time: clock);

        var sending = courier.SendDue();
        await came.Task.WaitAsync(TimeSpan.FromMinutes(1), Ct);
        await Until(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(10));
            return sending.IsCompleted;
        });

        Assert.Equal(1, await sending);
        Assert.True(clock.GetUtcNow() - begin < courier.Options.Timeout, "It was waited for as long as for the answer itself.");
        var delivery = (await Deliveries(webhookId)).Single();
        Assert.Equal((WebhookDeliveryState.Delivered, "Wait, there is"), (delivery.State, delivery.Attempts.Single().Response));
        ends.SetResult();
    }

    [Theory]
    [InlineData(500)]
    [InlineData(410)]
    public async Task What_the_address_before_answers_says_nothing_of_the_one_that_took_its_place(int status)
    {
        await using var next = await Receiver.Start();
        var webhookId = await Register();
        await StartedAndCanceledJob();
        Receiver.Answer(async (_, context) =>
        {
            Assert.IsType<ChangeWebhookResult.Changed>(await Webhooks.Change(
                new ChangeWebhook(webhookId, next.Url.OriginalString, null, null, null, Accounts.MemberExtensions.Origin())));
            context.Response.StatusCode = status;
        });
        await using var courier = new Courier(Service, options => options.FailuresToProbe = 1);

        Assert.Equal(3, await courier.SendDue());

        var webhook = await Find(webhookId);
        Assert.Equal((WebhookHealth.Active, 0, null), (webhook.Health, webhook.Failures, webhook.FailingSince));
        Assert.Equal(["job.started"], Receiver.Received.Select(TypeOf));
        Assert.Equal(["job.started", "job.canceled"], next.Received.Select(TypeOf));
        Assert.Equal([status, 200], (await Deliveries(webhookId))[0].Attempts.Select(attempt => attempt.Status!.Value));
    }

    [Fact]
    public async Task A_success_at_the_address_before_does_not_close_the_circuit_of_the_next()
    {
        var webhookId = await Register();
        await CanceledJob();
        Receiver.Answer(async (_, _) => await Service.Execute(
            "update webhook_endpoint set url = 'https://hooks.example.com/', failures = 3, failing_since = now() where endpoint_id = $1", webhookId));
        await using var courier = new Courier(Service);

        Assert.Equal(1, await courier.SendDue());

        Assert.Equal(3, (await Find(webhookId)).Failures);
        Assert.Equal(WebhookDeliveryState.Delivered, (await Deliveries(webhookId)).Single().State);
    }
}
