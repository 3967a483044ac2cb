using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Sends what is due, at least once each: a sender that dies in an attempt leaves the event to be sent again when its lease is over.</summary>
internal sealed partial class WebhookSender(
    WebhookQueue queue, WebhookHttp http, WebhookMetrics metrics, IOptions<WebhookOptions> options, TimeProvider time, ILogger<WebhookSender> logger)
    : BackgroundService
{
    private static readonly Dictionary<Guid, int> NothingUnderWay = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var sending = new List<(Guid AccountId, Task Attempt)>();
        while (!stoppingToken.IsCancellationRequested)
        {
            sending.RemoveAll(one => one.Attempt.IsCompleted);
            var room = options.Value.Concurrency - sending.Count;
            if (room > 0)
            {
                sending.AddRange(await Begin(room, sending.CountBy(one => one.AccountId).ToDictionary(), stoppingToken));
            }

            // An attempt that ended may have made way for the next event of its job.
            await Task.WhenAny([.. sending.Select(one => one.Attempt), Task.Delay(options.Value.PollInterval, time, stoppingToken)]);
        }

        // What is under way is brought to its end, which is no longer away than an attempt may take.
        await Task.WhenAll(sending.Select(one => one.Attempt));
    }

    /// <summary>Sends all that is due, and what comes due by that, until nothing is.</summary>
    /// <returns>How many attempts were made.</returns>
    internal async Task<int> SendDue(CancellationToken cancellationToken)
    {
        var count = 0;
        while (await queue.Claim(options.Value.Concurrency, NothingUnderWay, cancellationToken) is { Count: > 0 } claimed)
        {
            await Task.WhenAll(claimed.Select(delivery => Send(delivery, cancellationToken)));
            count += claimed.Count;
        }

        return count;
    }

    private async Task<IEnumerable<(Guid AccountId, Task Attempt)>> Begin(
        int room, IReadOnlyDictionary<Guid, int> underWay, CancellationToken stoppingToken)
    {
        try
        {
            var claimed = await queue.Claim(room, underWay, stoppingToken);
            return [.. claimed.Select(delivery => (delivery.AccountId, Send(delivery, CancellationToken.None)))];
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // Broken off, in whichever way the driver says so.
            return [];
        }
        catch (Exception fault)
        {
            // The database may be away for a while, and whatever else it was must not end the sender: a silo ends with a service that does.
            // The events are still there.
            LogNotClaimed(fault);
            return [];
        }
    }

    private async Task Send(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        try
        {
            var (at, started) = (time.UtcNow(), time.GetTimestamp());
            var answer = await http.Post(delivery, at, cancellationToken);
            var elapsed = time.GetElapsedTime(started);
            metrics.Attempted(answer.Fault, elapsed);
            var state = await queue.Record(
                delivery, new WebhookAttempt(at, elapsed, answer.Status, answer.Fault, answer.Response), answer.RetryAfter, cancellationToken);
            Report(delivery, answer, state);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Nobody looks at what comes of this task, so here is the last place to say it. Whatever it was, the lease runs out and the event is
            // sent again, until its time is over.
            LogNotNoted(fault, delivery.EventId, delivery.EndpointId, delivery.Attempt);
        }
    }

    private void Report(ClaimedDelivery delivery, WebhookAnswer answer, WebhookDeliveryState? state)
    {
        switch (state)
        {
            case null:
                LogLeaseLost(delivery.EventId, delivery.EndpointId, delivery.Attempt);
                break;
            case WebhookDeliveryState.Delivered:
                LogDelivered(delivery.EventId, delivery.EndpointId, delivery.Attempt);
                break;
            case WebhookDeliveryState.Expired:
                metrics.Expired(1);
                LogGivenUp(delivery.EventId, delivery.EndpointId, delivery.Attempt, answer.Fault, answer.Status);
                break;
            default:
                LogFailed(delivery.EventId, delivery.EndpointId, delivery.Attempt, answer.Fault, answer.Status);
                break;
        }
    }

    [LoggerMessage(LogLevel.Debug, "Event {EventId} was delivered to webhook {WebhookId} in attempt {Attempt}.")]
    private partial void LogDelivered(Guid eventId, Guid webhookId, int attempt);

    [LoggerMessage(LogLevel.Information, "Event {EventId} was not taken by webhook {WebhookId} in attempt {Attempt}: {Fault}, status {Status}.")]
    private partial void LogFailed(Guid eventId, Guid webhookId, int attempt, WebhookFault? fault, int? status);

    [LoggerMessage(LogLevel.Warning, "Event {EventId} for webhook {WebhookId} is given up after attempt {Attempt}: {Fault}, status {Status}.")]
    private partial void LogGivenUp(Guid eventId, Guid webhookId, int attempt, WebhookFault? fault, int? status);

    [LoggerMessage(LogLevel.Warning, "Attempt {Attempt} of event {EventId} for webhook {WebhookId} took longer than its lease, or the webhook is deleted.")]
    private partial void LogLeaseLost(Guid eventId, Guid webhookId, int attempt);

    [LoggerMessage(LogLevel.Error, "What came of attempt {Attempt} of event {EventId} for webhook {WebhookId} could not be noted; it will be sent again.")]
    private partial void LogNotNoted(Exception fault, Guid eventId, Guid webhookId, int attempt);

    [LoggerMessage(LogLevel.Warning, "Events to be sent could not be looked for.")]
    private partial void LogNotClaimed(Exception fault);
}
