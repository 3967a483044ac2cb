using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using MimeKit;

namespace AX2Caption.Grains.Tests.Mail;

/// <summary>Composes and delivers what is queued when the test says so, into hands that the test looks into.</summary>
internal sealed partial class Postman(ServiceFixture service) : IMailTransport
{
    private readonly List<MimeMessage> delivered = [];

    /// <summary>Where mails lead to.</summary>
    public const string PublicUrl = "https://captions.example/app/";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static MailOptions DefaultOptions => new() { Folder = "/unused", PublicUrl = PublicUrl };

    Task IMailTransport.Send(MimeMessage message, CancellationToken cancellationToken)
    {
        delivered.Add(message);
        return Task.CompletedTask;
    }

    /// <summary>A sender that hands its mails to <paramref name="transport"/>.</summary>
    public static MailSender Sender(
        ServiceFixture service, IMailTransport transport, MailOptions? options = null, ILogger<MailSender>? logger = null) =>
        new(service.Service<MailQueue>(), Composer(service), transport, Options.Create(options ?? DefaultOptions), service.Clock,
            logger ?? NullLogger<MailSender>.Instance);

    public static MailComposer Composer(ServiceFixture service) => new(
        service.Service<MemberStore>(), service.Service<RegistrationStore>(), service.Service<AccountLinkStore>(),
        Options.Create(DefaultOptions), service.Service<IOptions<AccountOptions>>(), service.Clock);

    /// <summary>Delivers all that is due.</summary>
    /// <returns>The mails to that address that this brought, oldest first.</returns>
    public async Task<IReadOnlyList<MimeMessage>> DeliverTo(string address)
    {
        delivered.Clear();
        var sender = Sender(service, this);
        while (await sender.SendNext(Ct))
        {
        }

        return [.. delivered.Where(mail => mail.To.Mailboxes.Single().Address == address)];
    }

    /// <summary>Delivers all that is due, of which one is a mail with a link to that address.</summary>
    public async Task<IAccountLinkGrain> DeliverLinkTo(string address) =>
        service.Grains.GetGrain<IAccountLinkGrain>(KeyOf(Assert.Single(await DeliverTo(address))));

    /// <summary>The key under which the link in a mail is known.</summary>
    public static string KeyOf(MimeMessage mail)
    {
        var match = Link().Match(mail.TextBody!);
        Assert.True(match.Success, mail.TextBody);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(match.Groups["token"].Value)));
    }

    [GeneratedRegex("^https://captions[.]example/app/account/(confirm|reset)[?]token=(?<token>[A-Za-z0-9_-]{43})\r?$", RegexOptions.Multiline)]
    private static partial Regex Link();
}
