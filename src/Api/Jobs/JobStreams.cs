using System.Text.Json;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ClusterOptions = AX2Caption.Api.Cluster.ClusterOptions;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace AX2Caption.Api.Jobs;

/// <summary>Streams of what happens to jobs: of one, and of all of an account.</summary>
internal sealed class JobStreams
{
    /// <summary>Between two events of a stream, and two questions to the cluster: a few in a second are enough for anybody.</summary>
    private static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly ClusterCalls cluster;
    private readonly OpenStreams open;
    private readonly StreamOptions options;
    private readonly TimeProvider time;
    private readonly IHostApplicationLifetime lifetime;
    private readonly JsonSerializerOptions json;
    private readonly TimeSpan wait;
    private readonly Watches<(Guid JobId, Guid AccountId), JobSnapshot?> jobs;
    private readonly Watches<Guid, JobFeed> feeds;

    public JobStreams(
        ClusterCalls cluster,
        OpenStreams open,
        IOptions<StreamOptions> options,
        IOptions<ClusterOptions> calls,
        IOptions<JsonOptions> json,
        IHostApplicationLifetime lifetime,
        TimeProvider time,
        ILogger<JobStreams> log)
    {
        (this.cluster, this.open, this.options, this.lifetime, this.time) = (cluster, open, options.Value, lifetime, time);
        this.json = json.Value.SerializerOptions;
        // A call that waits must not look like one to a silo that is gone.
        wait = new[] { LongestWait, calls.Value.CallTimeout / 2, calls.Value.RetryFor / 2 }.Min();
        jobs = new Watches<(Guid, Guid), JobSnapshot?>(AskForJob, job => job is null or { HasEnded: true }, Gap, time, log);
        feeds = new Watches<Guid, JobFeed>(AskForFeed, _ => false, Gap, time, log);
    }

    /// <summary>Follows one job to its end.</summary>
    public async Task<IResult> Follow(Guid jobId, EventId? seen, HttpContext context)
    {
        var accountId = context.User.AccountId();
        if (await Find(jobId, accountId, context.RequestAborted) is not { } job)
            return JobErrors.NotFound;
        // 204 tells an EventSource to let it be.
        if (seen is { IsEnd: true } && job.HasEnded)
            return TypedResults.NoContent();
        using var place = open.TryOpen(accountId, ClientNetwork.Of(context.Connection.RemoteIpAddress));
        if (place is null)
            return TooMany();

        using var watch = jobs.Join((jobId, accountId), job);
        var newest = job;
        var sent = seen is { IsEnd: false } && seen.Number == job.Version ? Job.Of(job) : null;
        await Run(context, () => watch.Now, async (stream, state) =>
        {
            // Not the account's any more.
            if (state is null)
                return true;
            // Who watched before may have seen less than was found just now.
            newest = state.Version < newest.Version ? newest : state;
            var shown = Job.Of(newest);
            if (shown != sent)
                await Send(stream, newest, shown, new EventId(newest.Version, newest.HasEnded));
            sent = shown;
            return newest.HasEnded;
        });
        return TypedResults.Empty;
    }

    /// <summary>Follows all jobs of the caller.</summary>
    public async Task<IResult> FollowAll(EventId? seen, HttpContext context)
    {
        var accountId = context.User.AccountId();
        using var place = open.TryOpen(accountId, ClientNetwork.Of(context.Connection.RemoteIpAddress));
        if (place is null)
            return TooMany();

        using var watch = feeds.Join(accountId, JobFeed.Unseen);
        var versions = new Dictionary<Guid, long>();
        var position = seen?.Number;
        long? counted = null;
        await Run(context, () => watch.Now, async (stream, feed) =>
        {
            // What changes from here on is counted; what changed before is looked for.
            if (feed.Position is null)
                return false;
            // Too slow for what is kept: it connects again, and goes on behind what it has.
            if (counted is { } told && feed.LacksSome(told))
                return true;
            if (counted is null)
                await CatchUp(stream, context.RequestAborted);
            await SendNews(stream, feed.Since(counted ?? feed.Changes), feed.Position.Value);
            counted = feed.Changes;
            return false;
        });
        return TypedResults.Empty;

        async Task CatchUp(EventStream stream, CancellationToken cancellationToken)
        {
            JobChanges look;
            do
            {
                look = await cluster.Call(
                    (grains, token) => grains.GetGrain<IJobFeedGrain>(accountId).Next(position, TimeSpan.Zero, token), cancellationToken);
                position = look.Position;
            }
            while (await SendNews(stream, look.Jobs, look.Position));
        }

        async Task<bool> SendNews(EventStream stream, IReadOnlyList<JobSnapshot> changed, long reached)
        {
            var news = changed.Where(job => job.Version > versions.GetValueOrDefault(job.JobId)).ToList();
            foreach (var (index, job) in news.Index())
            {
                versions[job.JobId] = job.Version;
                // Who breaks off in between begins before all of them again.
                var id = index == news.Count - 1 ? new EventId(reached, false) : null;
                await Send(stream, job, Job.Of(job), id);
            }

            return news.Count > 0;
        }
    }

    private ErrorResult TooMany() => ErrorTable.TooManyStreams
        .Because($"An account may have {options.PerAccount} open and a network {options.PerAddress}. One stream tells of all jobs: /v1/jobs/events.")
        .After(options.ReconnectAfter);

    /// <summary>
    /// Tells of a state whenever there is a newer one, and that the stream lives in between, until it is told all or its time is
    /// over: the longest that any may last, the token's, the session's, this process's.
    /// </summary>
    /// <param name="context">The request.</param>
    /// <param name="look">The newest state.</param>
    /// <param name="tell">Sends what is new in it, and says whether that was the last.</param>
    private async Task Run<TState>(HttpContext context, Func<(TState State, Task Next)> look, Func<EventStream, TState, Task<bool>> tell)
    {
        using var timeIsUp = new CancellationTokenSource(TimeLeft(context), time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(timeIsUp.Token, context.RequestAborted, lifetime.ApplicationStopping);
        var stream = new EventStream(context, options, time);
        try
        {
            await stream.Begin();
            using var beat = new PeriodicTimer(options.HeartbeatInterval, time);
            var nextBeat = beat.WaitForNextTickAsync(over.Token).AsTask();
            var session = Task.FromResult(true);
            while (true)
            {
                var (state, next) = look();
                if (await tell(stream, state))
                    return;
                var pause = Task.Delay(Gap, time, over.Token);
                await await Task.WhenAny(next, nextBeat, session.IsCompleted ? nextBeat : session);
                if (session.IsCompleted && !await session)
                    return;
                if (nextBeat.IsCompleted)
                {
                    await stream.Beat();
                    nextBeat = beat.WaitForNextTickAsync(over.Token).AsTask();
                    if (session.IsCompleted)
                        session = IsSessionAlive(context);
                }

                await pause;
            }
        }
        catch (OperationCanceledException)
        {
            // Its time is over, or the client is gone.
        }
        catch (Exception exception) when (exception is ClusterUnavailableException or WatchBrokenException or IOException)
        {
            // Too late for an error: the client connects again, and may be told then.
        }
    }

    private TimeSpan TimeLeft(HttpContext context)
    {
        var token = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc - time.GetUtcNow();
        return token is not { } left || left > options.MaximumDuration ? options.MaximumDuration : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<bool> IsSessionAlive(HttpContext context)
    {
        try
        {
            var (sessionId, accountId) = (context.User.SessionId(), context.User.AccountId());
            var session = await cluster.Call(
                (grains, token) => grains.GetGrain<ISessionGateGrain>(0).Find(sessionId, token), context.RequestAborted);
            return session?.AccountId == accountId;
        }
        catch (Exception exception) when (exception is ClusterUnavailableException or OperationCanceledException)
        {
            // Nobody can say so.
            return true;
        }
    }

    private Task Send(EventStream stream, JobSnapshot job, Job shown, EventId? id) =>
        stream.Send(job.HasEnded ? shown.State : "progress", id?.ToString(), JsonSerializer.SerializeToUtf8Bytes(shown, json));

    private async Task<JobSnapshot?> Find(Guid jobId, Guid accountId, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<ICaptionJobGrain>(jobId).Get(accountId, token), cancellationToken);
        return result is JobResult.Found { Job: var job } ? job : null;
    }

    private async Task<JobSnapshot?> AskForJob((Guid JobId, Guid AccountId) key, JobSnapshot? known, CancellationToken cancellationToken)
    {
        var result = await cluster.Call(
            (grains, token) => grains.GetGrain<ICaptionJobGrain>(key.JobId).Watch(key.AccountId, known!.Version, wait, token), cancellationToken);
        return result is JobResult.Found { Job: var job } ? job : null;
    }

    private async Task<JobFeed> AskForFeed(Guid accountId, JobFeed known, CancellationToken cancellationToken)
    {
        var look = await cluster.Call(
            (grains, token) => grains.GetGrain<IJobFeedGrain>(accountId).Next(known.Position, wait, token), cancellationToken);
        return known.After(look, time.GetUtcNow());
    }
}
