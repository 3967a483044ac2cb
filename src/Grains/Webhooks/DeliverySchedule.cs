using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Webhooks;

/// <summary>When an event is tried again, pure but for its jitter.</summary>
internal static class DeliverySchedule
{
    /// <param name="tries">Attempts that failed, at least one.</param>
    /// <param name="triedFrom">When the first one was due.</param>
    /// <param name="retryAfter">How long the endpoint wants to be left alone; null if it does not say.</param>
    /// <param name="now">The time, by the same clock as <paramref name="triedFrom"/>.</param>
    /// <param name="options">The bounds.</param>
    /// <returns>The time of the next attempt, the last of which is at the very end; null if there is none.</returns>
    public static DateTimeOffset? Next(int tries, DateTimeOffset triedFrom, TimeSpan? retryAfter, DateTimeOffset now, WebhookOptions options)
    {
        var end = triedFrom + options.GiveUpAfter;
        if (now >= end)
        {
            return null;
        }

        var backOff = TimeSpan.FromTicks((long)Math.Min(
            options.MaximumRetryDelay.Ticks, options.RetryDelay.Ticks * Math.Pow(2, tries - 1))).Jittered();
        var wished = retryAfter is { } wish && wish > TimeSpan.Zero ? Least(wish, options.MaximumRetryDelay) : TimeSpan.Zero;
        var next = now + (wished > backOff ? wished : backOff);
        return next < end ? next : end;
    }

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
