using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Polly;
using Polly.Retry;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>
/// What stands around a request to one server: it is repeated a little later, it is not sent while the server is left alone, and it has
/// its time. A request here is its answer's last byte too, so that a connection cut in the middle is repeated like one that never was. What
/// takes longer to pass is waited for elsewhere: whoever waits here keeps a worker's place.
/// </summary>
internal static class ServerPipeline
{
    public static ResiliencePipeline<HttpResponseMessage> Build(
        OpenAiServerOptions options, TimeProvider time, Action<OnRetryArguments<HttpResponseMessage>> onRetry, Action<TimeSpan> onBreak)
    {
        var pipeline = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        if (options.MaxRetries > 0)
            pipeline.AddRetry(Retry(options, time, onRetry));
        return pipeline.AddCircuitBreaker(Breaker(options, onBreak)).AddTimeout(options.Timeout).Build();
    }

    /// <summary>How long the server wants to be left alone; null if it does not say.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage? answer, TimeProvider time) =>
        answer?.Headers.RetryAfter is { } asked ? asked.Delta ?? (asked.Date - time.GetUtcNow()) : null;

    private static HttpRetryStrategyOptions Retry(OpenAiServerOptions options, TimeProvider time, Action<OnRetryArguments<HttpResponseMessage>> onRetry) => new()
    {
        MaxRetryAttempts = options.MaxRetries,
        Delay = options.RetryDelay,
        MaxDelay = TimeSpan.FromMinutes(1),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        ShouldHandle = attempt => ValueTask.FromResult(
            HttpClientResiliencePredicates.IsTransient(attempt.Outcome) && !(RetryAfter(attempt.Outcome.Result, time) > options.MaximumRetryAfter)),
        OnRetry = attempt =>
        {
            onRetry(attempt);
            return ValueTask.CompletedTask;
        },
    };

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
