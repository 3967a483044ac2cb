using AX2Caption.Grains.Abstractions.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>Whether a task gets another attempt, and when.</summary>
internal sealed class RetryPolicy(IOptions<WorkOptions> options)
{
    /// <summary>
    /// The pause before the next attempt, give or take a quarter; null when there is none. It doubles from one attempt to the next, which are
    /// so many; and from one time to the next in an outage, in which attempts do not count, and only the owner's deadline is the end.
    /// </summary>
    public TaskPause? PauseAfter(TaskLease ended, TaskFailure failure) => failure switch
    {
        { Retryable: false } => null,
        { IsOutage: true } => InOutage(failure.RetryAfter),
        _ when ended.Attempt < options.Value.MaximumAttempts =>
            new TaskPause((options.Value.RetryDelay * Math.Pow(2, ended.Attempt - 1)).Jittered(), AtLeast(failure.RetryAfter)),
        _ => null,
    };

    private TaskPause InOutage(TimeSpan? retryAfter)
    {
        var (first, longest) = (options.Value.OutageDelay, options.Value.MaximumOutageDelay);
        // One draw for both, or pauses that have grown to the longest would all be the same.
        var jittered = longest.Jittered();
        return new TaskPause(first * (jittered / longest), AtLeast(retryAfter), GrowsTo: jittered);
    }

    /// <summary>
    /// What was asked for, or up to a quarter more, so that not all come back at once who were told the same. Never much longer than the
    /// longest pause, whoever asked for it.
    /// </summary>
    private TimeSpan AtLeast(TimeSpan? asked)
    {
        var longest = options.Value.MaximumOutageDelay;
        return asked is not { } given || given <= TimeSpan.Zero
            ? TimeSpan.Zero
            : (given < longest ? given : longest) * (1 + (Random.Shared.NextDouble() / 4));
    }
}
