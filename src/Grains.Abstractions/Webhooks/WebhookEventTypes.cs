namespace AX2Caption.Grains.Abstractions.Webhooks;

/// <summary>What webhooks tell of, as it is named on the wire and in the tables. A name never changes its meaning.</summary>
public static class WebhookEventTypes
{
    /// <summary>A worker has taken a job up.</summary>
    public const string JobStarted = "job.started";

    /// <summary>A job's captions are there.</summary>
    public const string JobSucceeded = "job.succeeded";

    /// <summary>A job could not be done.</summary>
    public const string JobFailed = "job.failed";

    /// <summary>A job's owner ended it, or it went with its video.</summary>
    public const string JobCanceled = "job.canceled";

    /// <summary>Nothing has happened; the owner wishes to see an event arrive.</summary>
    public const string Ping = "ping";

    /// <summary>What an endpoint can be registered for.</summary>
    public static IReadOnlyList<string> OfJobs { get; } = [JobStarted, JobSucceeded, JobFailed, JobCanceled];
}
