using MimeKit;

namespace AX2Caption.Grains.Mail;

/// <summary>Where mails go.</summary>
internal interface IMailTransport
{
    /// <summary>Hands a mail over. It throws what the way there throws; the mail is then tried again.</summary>
    Task Send(MimeMessage message, CancellationToken cancellationToken);
}
