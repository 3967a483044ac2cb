using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Mail;

/// <summary>Deletes what is known of mails that were sent a day ago.</summary>
internal sealed class MailSweep(MailQueue queue, TimeProvider time) : ISweep
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);

    public string Name => "sent mails";

    public Task<int> Run(int limit, CancellationToken cancellationToken) => queue.DeleteOld(time.UtcNow() - KeepFor, limit, cancellationToken);
}
