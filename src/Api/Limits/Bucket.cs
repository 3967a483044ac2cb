using System.Threading.RateLimiting;

namespace AX2Caption.Api.Limits;

/// <summary>A number of requests that may come at once and that comes back evenly, over a minute or an hour.</summary>
internal static class Bucket
{
    /// <summary>At least a second of refill at a time: nothing is gained by finer steps, and Retry-After has whole seconds.</summary>
    private static readonly TimeSpan LeastStep = TimeSpan.FromSeconds(1);

    public static TokenBucketRateLimiterOptions Of(int requests, TimeSpan over)
    {
        var perStep = (int)Math.Ceiling(requests * (LeastStep / over));
        return new TokenBucketRateLimiterOptions
        {
            TokenLimit = requests,
            TokensPerPeriod = perStep,
            ReplenishmentPeriod = over * ((double)perStep / requests),
        };
    }
}
