using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Testing.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>Names that lead elsewhere than they should: what is registered is harmless, and so is what is looked up first.</summary>
[Collection<MediaCluster>]
public sealed class RefusingAddresses(ServiceFixture service) : WebhookScenario(service)
{
    private const string Host = "hooks.example.com";

    private Uri Named => new($"http://{Host}:{Receiver.Port}/hooks");

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("1.1.1.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "1.1.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData]
    public async Task A_name_that_leads_inside_is_not_called(params string[] addresses)
    {
        var webhookId = await Register(Named);
        await CanceledJob();
        await using var courier = new Courier(Service, options => options.AllowedNetworks = [], new FakeResolver(addresses));

        Assert.Equal(1, await courier.SendDue());

        Assert.Empty(Receiver.Received);
        var attempt = (await Deliveries(webhookId)).Single().Attempts.Single();
        Assert.Equal((WebhookFault.AddressRefused, null, null), (attempt.Fault!.Value, attempt.Status, attempt.Response));
    }

    [Fact]
    public async Task An_address_that_is_no_longer_allowed_is_not_called()
    {
        var webhookId = await Register();
        await CanceledJob();
        await using var courier = new Courier(Service, options => options.AllowedNetworks = []);

        Assert.Equal(1, await courier.SendDue());

        Assert.Empty(Receiver.Received);
        Assert.Equal(WebhookFault.AddressRefused, (await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_a_moment_later_is_looked_up_once_and_called_where_it_was_checked()
    {
        var webhookId = await Register(Named);
        await CanceledJob();
        // At its second look, the name would lead to where nothing may be sent.
        var resolver = new FakeResolver(["127.0.0.1"], ["127.0.0.2"]);
        await using var courier = new Courier(Service, options => options.AllowedNetworks = ["127.0.0.1/32"], resolver);

        Assert.Equal(1, await courier.SendDue());

        Assert.Equal(1, resolver.Looks);
        Assert.Equal($"{Host}:{Receiver.Port}", Receiver.Received.Single().Headers["host"]);
        Assert.Null((await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Fact]
    public async Task Of_several_addresses_the_next_one_is_tried_when_nobody_answers_at_the_first()
    {
        var webhookId = await Register(Named);
        await CanceledJob();
        await using var courier = new Courier(Service, resolver: new FakeResolver(["127.0.0.9", "127.0.0.1"]));

        Assert.Equal(1, await courier.SendDue());

        Assert.Null((await Deliveries(webhookId)).Single().Attempts.Single().Fault);
    }

    [Fact]
    public async Task An_address_inside_can_neither_be_registered_nor_be_changed_to()
    {
        var webhookId = await Register();

        Assert.IsType<RegisterWebhookResult.UrlRefused>(await Webhooks.Register(NewWebhook(new Uri("https://169.254.169.254/latest/"))));
        Assert.IsType<ChangeWebhookResult.UrlRefused>(
            await Webhooks.Change(new ChangeWebhook(webhookId, "https://10.0.0.1/", null, null, null, Accounts.MemberExtensions.Origin())));
        Assert.Equal(Receiver.Url.OriginalString, (await Find(webhookId)).Url);
    }
}
