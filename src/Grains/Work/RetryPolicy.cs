using AX2Caption.Grains.Abstractions.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>Whether a task gets another attempt, and when.</summary>
internal sealed class RetryPolicy(IOptions<WorkOptions> options)
{
    /// <summary>The pause before the next attempt, twice as long each time, give or take a quarter; null when there is none.</summary>
    public TimeSpan? DelayBefore(TaskLease ended, TaskFailure failure) =>
        failure.Retryable && ended.Attempt < options.Value.MaximumAttempts
            ? (options.Value.RetryDelay * Math.Pow(2, ended.Attempt - 1)).Jittered()
            : null;
}
