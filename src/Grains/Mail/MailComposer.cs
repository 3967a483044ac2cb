using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;
using MimeKit;
using MimeKit.Utils;

namespace AX2Caption.Grains.Mail;

/// <summary>
/// Decides what an address is told, at the time of sending: no request waits for that decision, so none tells by its time
/// whether anybody has the address. The secret of a link is made here, goes into the mail, and only its hash is stored.
/// </summary>
internal sealed class MailComposer(
    MemberStore members,
    RegistrationStore registrations,
    AccountLinkStore links,
    IOptions<MailOptions> mail,
    IOptions<AccountOptions> accounts,
    TimeProvider time)
{
    /// <returns>Null if there is nothing to be told.</returns>
    public async Task<MimeMessage?> Compose(ClaimedMail claimed, CancellationToken cancellationToken)
    {
        // Whoever typed a member's address in another spelling, which some mail servers deliver elsewhere, is told nothing: what is
        // a member's goes to the address as the member confirmed it.
        var member = await members.FindByEmail(claimed.Email.Key, cancellationToken);
        var to = member?.Email ?? claimed.Email;
        var text = claimed.Kind switch
        {
            MailKind.ConfirmEmail when member is not null => MailTexts.AlreadyMember(member.Language, Page("account/forgot")),
            MailKind.ConfirmEmail => await Confirm(claimed, cancellationToken),
            MailKind.ResetPassword when member is not null => await Reset(member),
            MailKind.ResetPassword => null,
            MailKind.PasswordChanged => MailTexts.PasswordChanged(claimed.Language, Page("account/forgot")),
            _ => throw new InvalidOperationException($"There is no mail of kind {claimed.Kind}."),
        };
        return text is null ? null : Message(to, text);
    }

    private async Task<MailText?> Confirm(ClaimedMail claimed, CancellationToken cancellationToken)
    {

        var lifetime = accounts.Value.ConfirmationLifetime;
        var registrationId = claimed.RegistrationId!.Value;
        var now = time.UtcNow();
        // A mail that was late is as good for as long as it says.
        if (!await registrations.Extend(registrationId, now + lifetime, cancellationToken))
        {
            return null;
        }

        var link = AccountLink.New();
        await links.InsertConfirmation(link, registrationId, now, lifetime);
        return MailTexts.Confirm(claimed.Language, Page($"account/confirm?token={link.Secret}"), lifetime);
    }

    private async Task<MailText?> Reset(Member member)
    {
        var lifetime = accounts.Value.ResetLifetime;
        var link = AccountLink.New();
        return await links.TryInsertReset(link, member.AccountId, time.UtcNow(), lifetime)
            ? MailTexts.Reset(member.Language, Page($"account/reset?token={link.Secret}"), lifetime)
            : null;
    }

    private Uri Page(string path) => new($"{mail.Value.PublicUrl.TrimEnd('/')}/{path}");

    private MimeMessage Message(EmailAddress to, MailText text)
    {
        var message = new MimeMessage
        {
            Subject = text.Subject,
            Date = time.GetUtcNow(),
            // As it is, for who reads the file; a server that cannot take it is sent another encoding.
            Body = new TextPart("plain") { Text = text.Body, ContentTransferEncoding = ContentEncoding.EightBit },
        };
        var from = MailboxAddress.Parse(mail.Value.From);
        message.From.Add(from);
        // Otherwise it would bear this machine's name.
        message.MessageId = MimeUtils.GenerateMessageId(from.Domain);
        message.To.Add(new MailboxAddress(null, to.Text));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}
