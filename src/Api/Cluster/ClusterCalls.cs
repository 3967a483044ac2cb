using AX2Caption.Grains.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Runtime.Messaging;
using Orleans.Storage;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace AX2Caption.Api.Cluster;

/// <summary>
/// The way to the grains. A call whose outcome is unknown is made again with the same ids, for longer than a failover
/// takes; every grain method answers a repeated call as it did the first.
/// </summary>
internal sealed class ClusterCalls
{
    private readonly ClusterConnection connection;
    private readonly ResiliencePipeline pipeline;

    public ClusterCalls(ClusterConnection connection, IOptions<ClusterOptions> options, TimeProvider time, ILogger<ClusterCalls> log)
    {
        this.connection = connection;
        pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddTimeout(options.Value.RetryFor)
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(IsOutcomeUnknown),
                // The timeout around it is the bound.
                MaxRetryAttempts = int.MaxValue,
                Delay = TimeSpan.FromMilliseconds(100),
                MaxDelay = TimeSpan.FromSeconds(2),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = retry =>
                {
                    log.LogWarning("A grain call has no known outcome ({Reason}); attempt {Attempt} follows in {Delay}",
                        retry.Outcome.Exception?.Message, retry.AttemptNumber + 2, retry.RetryDelay);
                    return default;
                },
            })
            .Build();
    }

    /// <exception cref="ClusterUnavailableException">No outcome was learnt in time.</exception>
    public async Task<T> Call<T>(Func<IGrainFactory, CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await pipeline.ExecuteAsync(
                async (state, token) =>
                {
                    var grains = await state.connection.Client.WaitAsync(token);
                    return await state.call(grains, token).WaitAsync(token);
                },
                (connection, call),
                cancellationToken);
        }
        catch (TimeoutRejectedException exception)
        {
            throw new ClusterUnavailableException(exception);
        }
    }

    /// <summary>Whether the call may be made again and end otherwise; all else is the answer.</summary>
    internal static bool IsOutcomeUnknown(Exception exception) => exception
        is TimeoutException
        or OrleansMessageRejectionException
        or ConnectionFailedException
        or GatewayTooBusyException
        or ClientNotAvailableException
        or InconsistentStateException
        or ServiceUnavailableException
        // How the grain directory says that it is changing, or that who asks is dead to the others: a silo that was frozen may not know yet.
        || exception.GetType() == typeof(OrleansException);
}
