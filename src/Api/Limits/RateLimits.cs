using System.Threading.RateLimiting;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Limits;

/// <summary>
/// Limits per client, each counted by this process alone. Every request but those for health is under those per address and per
/// account; endpoints name what they are under besides. The framework drops the count of a client that has been idle.
/// </summary>
internal static class RateLimits
{
    public const string Guests = "guests";
    public const string Jobs = "jobs";
    public const string Uploads = "uploads";

    /// <summary>Pieces of uploads: as many at once as uploads, and as often as wanted.</summary>
    public const string UploadPieces = "upload-pieces";

    /// <summary>Per address, for requests that try a password or a token.</summary>
    public const string SignIn = "sign-in";

    /// <summary>Per address, for requests that send an e-mail.</summary>
    public const string Mail = "mail";

    /// <summary>Per account, for requests that have something sent to a webhook.</summary>
    public const string WebhookSends = "webhook-sends";

    /// <summary>Pieces of an account that wait for their turn: clients of the tus protocol give up at a refusal.</summary>
    private const int WaitingPieces = 32;

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>For limits that do not know when they end, such as the one on concurrent uploads.</summary>
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(10);

    /// <summary>Zero would have a client ask again at once.</summary>
    private static readonly TimeSpan LeastWait = TimeSpan.FromSeconds(1);

    public static void AddRateLimits(this IServiceCollection services)
    {
        services.AddOptions<RateLimitOptions>().BindConfiguration("RateLimits").ValidateDataAnnotations().ValidateOnStart();
        services.AddRateLimiter(limiter => limiter.OnRejected = Reject);
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<RateLimitOptions>>((limiter, options) =>
        {
            var limits = options.Value;
            limiter.GlobalLimiter = PartitionedRateLimiter.CreateChained(
                PerAccount(Bucket.Of(limits.RequestsPerAccount, Minute), context => !IsHealth(context)),
                PerAccount(Bucket.Of(limits.UploadStartsPerAccount, Minute), context => IsUnder(context, Uploads) && context.User.IsMember()),
                PerAccount(Bucket.Of(limits.UploadStartsPerGuest, Minute), context => IsUnder(context, Uploads) && !context.User.IsMember()));
            limiter.AddPolicy(Uploads, context => RateLimitPartition.GetConcurrencyLimiter(
                context.User.AccountId(), _ => new ConcurrencyLimiterOptions { PermitLimit = limits.UploadsPerAccount }));
            limiter.AddPolicy(UploadPieces, context => RateLimitPartition.GetConcurrencyLimiter(
                context.User.AccountId(),
                _ => new ConcurrencyLimiterOptions { PermitLimit = limits.UploadsPerAccount, QueueLimit = WaitingPieces }));

            var jobs = Bucket.Of(limits.JobsPerAccount, Minute);
            limiter.AddPolicy(Jobs, context => RateLimitPartition.GetTokenBucketLimiter(context.User.AccountId(), _ => jobs));
            var sends = Bucket.Of(limits.WebhookSendsPerAccount, Minute);
            limiter.AddPolicy(WebhookSends, context => RateLimitPartition.GetTokenBucketLimiter(context.User.AccountId(), _ => sends));
            limiter.AddPolicy(SignIn, PerAddress(Bucket.Of(limits.SignInsPerAddress, Minute)));
            limiter.AddPolicy(Mail, PerAddress(Bucket.Of(limits.MailsPerAddress, Hour)));
            limiter.AddPolicy(Guests, context => RateLimitPartition.GetFixedWindowLimiter(
                AddressOf(context), _ => new FixedWindowRateLimiterOptions { PermitLimit = limits.GuestsPerAddress, Window = limits.GuestWindow }));
        });
    }

    /// <summary>
    /// The limit per address. Goes before routing, so that none of the others applies, and before authentication, so that nobody can
    /// make the service check tokens without end.
    /// </summary>
    public static void UseAddressLimit(this WebApplication app)
    {
        var limits = app.Services.GetRequiredService<IOptions<RateLimitOptions>>().Value;
        var perAddress = PerAddress(Bucket.Of(limits.RequestsPerAddress, Minute));
        app.UseRateLimiter(new RateLimiterOptions
        {
            OnRejected = Reject,
            GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
                IsHealth(context) ? RateLimitPartition.GetNoLimiter("health") : perAddress(context)),
        });
    }

    /// <summary>
    /// The limits per account and those that endpoints name. The framework ends a request that waits for its turn until its time is over
    /// without a word, which would be an empty 200. Here that is told to whoever counts the time. Goes after the request's time limit.
    /// </summary>
    public static void UseRateLimits(this WebApplication app)
    {
        app.Use(async (context, next) =>
        {
            var turn = new Turn();
            context.Features.Set(turn);
            await next(context);
            if (!turn.HasCome && !context.Response.HasStarted)
                context.RequestAborted.ThrowIfCancellationRequested();
        });
        app.UseRateLimiter();
        app.Use((context, next) =>
        {
            context.Features.Get<Turn>()!.HasCome = true;
            return next(context);
        });
    }

    private static Func<HttpContext, RateLimitPartition<string>> PerAddress(TokenBucketRateLimiterOptions bucket) =>
        context => RateLimitPartition.GetTokenBucketLimiter(AddressOf(context), _ => bucket);

    private static PartitionedRateLimiter<HttpContext> PerAccount(TokenBucketRateLimiterOptions bucket, Func<HttpContext, bool> counts) =>
        PartitionedRateLimiter.Create<HttpContext, Guid>(context =>
            context.User.Identity?.IsAuthenticated == true && counts(context)
                ? RateLimitPartition.GetTokenBucketLimiter(context.User.AccountId(), _ => bucket)
                : RateLimitPartition.GetNoLimiter(Guid.Empty));

    private static bool IsHealth(HttpContext context) => context.Request.Path.StartsWithSegments("/health");

    private static bool IsUnder(HttpContext context, string policy) =>
        context.GetEndpoint()?.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName == policy;

    private static string AddressOf(HttpContext context) => ClientNetwork.Of(context.Connection.RemoteIpAddress);

    private static ValueTask Reject(OnRejectedContext rejection, CancellationToken cancellationToken)
    {
        var wait = rejection.Lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : DefaultWait;
        return new ValueTask(ErrorTable.TooManyRequests.Because("Wait as long as Retry-After says.")
            .After(wait > LeastWait ? wait : LeastWait)
            .ExecuteAsync(rejection.HttpContext));
    }

    /// <summary>Whether a request was let through.</summary>
    private sealed class Turn
    {
        public bool HasCome { get; set; }
    }
}
