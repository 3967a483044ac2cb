using AX2Caption.Grains.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Mail;

/// <summary>Sends what is queued, at least once each: a sender that dies right after sending leaves the mail to be sent again.</summary>
internal sealed partial class MailSender(
    MailQueue queue, MailComposer composer, IMailTransport transport, IOptions<MailOptions> options, TimeProvider time, ILogger<MailSender> logger)
    : BackgroundService
{
    private static readonly TimeSpan MaximumRetryDelay = TimeSpan.FromHours(1);

    /// <summary>Longer than all steps of the protocol together may take.</summary>
    private TimeSpan Lease => (10 * options.Value.Smtp.Timeout) + TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.PollInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await SendNext(stoppingToken))
                {
                }
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a while; the mails are still there.
                LogNotClaimed(fault);
            }
        }
    }

    /// <returns>Whether there was one.</returns>
    internal async Task<bool> SendNext(CancellationToken cancellationToken)
    {
        if (await queue.Claim(time.UtcNow(), Lease, cancellationToken) is not { } mail)
        {
            return false;
        }

        try
        {
            if (await composer.Compose(mail, cancellationToken) is { } message)
            {
                await transport.Send(message, cancellationToken);
                LogSent(mail.MailId, mail.Kind);
            }

            await queue.End(mail, time.UtcNow());
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && mail.Attempt < options.Value.MaximumAttempts)
        {
            var delay = TimeSpan.FromTicks(Math.Min(
                MaximumRetryDelay.Ticks, (long)(options.Value.RetryDelay.Ticks * Math.Pow(2, mail.Attempt - 1))));
            LogFailed(fault, mail.MailId, mail.Kind, mail.Attempt, delay);
            await queue.Return(mail, time.UtcNow() + delay);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            LogGivenUp(fault, mail.MailId, mail.Kind, mail.Attempt);
            await queue.End(mail, time.UtcNow());
        }

        return true;
    }

    [LoggerMessage(LogLevel.Information, "Mail {MailId} ({Kind}) was sent.")]
    private partial void LogSent(Guid mailId, MailKind kind);

    [LoggerMessage(LogLevel.Warning, "Mail {MailId} ({Kind}) could not be sent in attempt {Attempt}; it will be tried again in {Delay}.")]
    private partial void LogFailed(Exception fault, Guid mailId, MailKind kind, int attempt, TimeSpan delay);

    [LoggerMessage(LogLevel.Error, "Mail {MailId} ({Kind}) could not be sent in {Attempt} attempts and is given up.")]
    private partial void LogGivenUp(Exception fault, Guid mailId, MailKind kind, int attempt);

    [LoggerMessage(LogLevel.Warning, "Mails to be sent could not be looked for.")]
    private partial void LogNotClaimed(Exception fault);
}
