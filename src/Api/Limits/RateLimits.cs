using System.Threading.RateLimiting;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>Limits per client; endpoints name the one they are under.</summary>
internal static class RateLimits
{
    public const string Guests = "guests";
    public const string Uploads = "uploads";

    /// <summary>For limits that do not know when they end, such as the one on concurrent uploads.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, options) =>
        {
            limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            limiter.OnRejected = (rejection, _) => new ValueTask(Reject(rejection));
            limiter.AddPolicy(Guests, context => RateLimitPartition.GetFixedWindowLimiter(
                ClientNetwork.Of(context.Connection.RemoteIpAddress),
                _ => new FixedWindowRateLimiterOptions
                {
                    PermitLimit = options.Value.GuestsPerAddress,
                    Window = options.Value.GuestWindow,
                }));
            limiter.AddPolicy(Uploads, context => RateLimitPartition.GetConcurrencyLimiter(
                context.User.AccountId(),
                _ => new ConcurrencyLimiterOptions { PermitLimit = options.Value.UploadsPerAccount }));
        });
    }

    private static Task Reject(OnRejectedContext rejection)
    {
        var wait = rejection.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : DefaultWait;
        return ErrorTable.TooManyRequests.Because("Wait as long as Retry-After says.").After(wait).ExecuteAsync(rejection.HttpContext);
    }
}
