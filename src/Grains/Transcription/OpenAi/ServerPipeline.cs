using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.CircuitBreaker;
using Polly.Retry;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>
/// What stands around a request to one server: it is repeated with growing pauses, it is not sent while the server is left alone, and it has
/// its time. A request here is its answer's last byte too, so that a connection cut in the middle is repeated like one that never was.
/// </summary>
internal static class ServerPipeline
{
    // Timers are early by a hair now and then: too soon, and the request would be turned away once more.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMilliseconds(50);

    public static ResiliencePipeline<HttpResponseMessage> Build(
        OpenAiServerOptions options, TimeProvider time, Action<OnRetryArguments<HttpResponseMessage>> onRetry, Action<TimeSpan> onBreak)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
            pipeline.AddRetry(Retry(options, time, onRetry));
        return pipeline.AddCircuitBreaker(Breaker(options, onBreak)).AddTimeout(options.Timeout).Build();
    }

    private static HttpRetryStrategyOptions Retry(OpenAiServerOptions options, TimeProvider time, Action<OnRetryArguments<HttpResponseMessage>> onRetry)
    {
        var retry = new HttpRetryStrategyOptions
        {
            MaxRetryAttempts = options.MaxRetries,
            Delay = options.RetryDelay,
            MaxDelay = TimeSpan.FromMinutes(1),
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            ShouldHandle = attempt => ValueTask.FromResult(
                attempt.Outcome.Exception is BrokenCircuitException
                || (HttpClientResiliencePredicates.IsTransient(attempt.Outcome) && !AsksForTooLong(attempt.Outcome.Result))),
            OnRetry = attempt =>
            {
                onRetry(attempt);
                return ValueTask.CompletedTask;
            },
        };
        var retryAfter = retry.DelayGenerator!;
        // A server that is left alone is asked again when that is over; else what it says in Retry-After, else the growing pauses.
        retry.DelayGenerator = attempt => attempt.Outcome.Exception is BrokenCircuitException { RetryAfter: { } rest } && rest > TimeSpan.Zero
            ? ValueTask.FromResult<TimeSpan?>(rest + ClockSlack)
            : retryAfter(attempt);
        return retry;

        bool AsksForTooLong(HttpResponseMessage? answer) => answer?.Headers.RetryAfter is { } asked
            && (asked.Delta ?? (asked.Date - time.GetUtcNow())) > options.MaximumRetryAfter;
    }

    private static HttpCircuitBreakerStrategyOptions Breaker(OpenAiServerOptions options, Action<TimeSpan> onBreak) => new()
    {
        FailureRatio = options.BreakerFailureRatio,
        MinimumThroughput = options.BreakerMinimumRequests,
        SamplingDuration = options.BreakerWindow,
        BreakDuration = options.BreakDuration,
        ShouldHandle = attempt => ValueTask.FromResult(
            attempt.Outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && HttpClientResiliencePredicates.IsTransient(attempt.Outcome)),
        OnOpened = opened =>
        {
            onBreak(opened.BreakDuration);
            return ValueTask.CompletedTask;
        },
    };
}
