using System.Text.RegularExpressions;
using MimeKit;

namespace AX2Caption.Testing.Service;

/// <summary>The mails that the service has written to its folder.</summary>
public sealed partial class Mailbox(string folder)
{
    private static readonly TimeSpan SentWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>The mails to an address so far, oldest first.</summary>
    public async Task<IReadOnlyList<MimeMessage>> To(string address, CancellationToken cancellationToken = default)
    {
        var mails = new List<MimeMessage>();
        if (!Directory.Exists(folder))
            return mails;
        foreach (var file in Directory.EnumerateFiles(folder, "*.eml").Order(StringComparer.Ordinal))
        {
            var mail = await MimeMessage.LoadAsync(file, cancellationToken);
            if (mail.To.Mailboxes.Any(mailbox => string.Equals(mailbox.Address, address, StringComparison.OrdinalIgnoreCase)))
                mails.Add(mail);
        }

        return mails;
    }

    /// <summary>Waits until so many mails have come to an address.</summary>
    /// <returns>The last of them.</returns>
    public async Task<MimeMessage> Await(string address, int count = 1, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(SentWithin);
        using var look = new PeriodicTimer(LookEvery);
        while (true)
        {
            if (await To(address, limit.Token) is var mails && mails.Count >= count)
                return mails[count - 1];
            await look.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>The secret of the link in a mail.</summary>
    public static string Secret(MimeMessage mail) =>
        Link().Match(mail.TextBody ?? "") is { Success: true } match
            ? match.Groups["token"].Value
            : throw new InvalidOperationException($"There is no link in: {mail.TextBody}");

    [GeneratedRegex("[?]token=(?<token>[A-Za-z0-9_-]+)")]
    private static partial Regex Link();
}
