using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;
using MimeKit;

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
        var text = claimed.Kind switch
        {
            MailKind.ConfirmEmail => await Confirm(claimed, cancellationToken),
            MailKind.ResetPassword => await Reset(claimed, cancellationToken),
            MailKind.PasswordChanged => MailTexts.PasswordChanged(claimed.Language, Page("account/forgot")),
            _ => throw new InvalidOperationException($"There is no mail of kind {claimed.Kind}."),
        };
        return text is null ? null : Message(claimed, text);
    }

    private async Task<MailText?> Confirm(ClaimedMail claimed, CancellationToken cancellationToken)
    {
        if (await members.FindByEmail(claimed.Email.Key, cancellationToken) is { } member)
        {
            return MailTexts.AlreadyMember(member.Language, Page("account/forgot"));
        }

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

    private async Task<MailText?> Reset(ClaimedMail claimed, CancellationToken cancellationToken)
    {
        if (await members.FindByEmail(claimed.Email.Key, cancellationToken) is not { } member)
        {
            return null;
        }

        var lifetime = accounts.Value.ResetLifetime;
        var link = AccountLink.New();
        return await links.TryInsertReset(link, member.AccountId, time.UtcNow(), lifetime)
            ? MailTexts.Reset(member.Language, Page($"account/reset?token={link.Secret}"), lifetime)
            : null;
    }

    private Uri Page(string path) => new($"{mail.Value.PublicUrl.TrimEnd('/')}/{path}");

    private MimeMessage Message(ClaimedMail claimed, MailText text)
    {
        var message = new MimeMessage
        {
            Subject = text.Subject,
            Date = time.GetUtcNow(),
            // As it is, for who reads the file; a server that cannot take it is sent another encoding.
            Body = new TextPart("plain") { Text = text.Body, ContentTransferEncoding = ContentEncoding.EightBit },
        };
        message.From.Add(MailboxAddress.Parse(mail.Value.From));
        message.To.Add(new MailboxAddress(null, claimed.Email.Text));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return message;
    }
}
