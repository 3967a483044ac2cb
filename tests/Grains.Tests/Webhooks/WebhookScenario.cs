using System.Text.Json;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using AX2Caption.Testing;
using AX2Caption.Testing.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>A scenario of a member with a video, who has events sent to a receiver.</summary>
public abstract class WebhookScenario(ServiceFixture service) : ClusterScenario(service)
{
    /// <summary>Longer than anything takes here.</summary>
    protected static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private Guid videoId;

    protected Guid MemberId { get; private set; }

    protected Receiver Receiver { get; private set; } = null!;

    internal HandWorker Worker => new(Service);

    protected IWebhookIndexGrain Webhooks => WebhooksOf(MemberId);

    protected override async Task Begin()
    {
        Receiver = await Receiver.Start();
        MemberId = await Service.SignUp();
        videoId = await Service.ReadyVideo(MemberId);
    }

    public override async ValueTask DisposeAsync()
    {
        await Receiver.DisposeAsync();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected IWebhookIndexGrain WebhooksOf(Guid accountId) => Service.Grains.GetGrain<IWebhookIndexGrain>(accountId);

    protected static RegisterWebhook NewWebhook(Uri url, params string[] events) => new(
        Guid.CreateVersion7(), url.OriginalString, events is [] ? WebhookEventTypes.OfJobs : events, Description: null, Enabled: true, Courier.Secret,
        MemberExtensions.Origin());

    /// <summary>Registers an endpoint of the member.</summary>
    /// <returns>Its id.</returns>
    protected async Task<Guid> Register(Uri? url = null, params string[] events) => Assert.IsType<RegisterWebhookResult.Registered>(
        await Webhooks.Register(NewWebhook(url ?? Receiver.Url, events))).Webhook.WebhookId;

    protected async Task<WebhookSnapshot> Find(Guid webhookId) => (await Webhooks.Find(webhookId, Ct))!;

    /// <summary>The endpoint's deliveries, oldest event first.</summary>
    protected async Task<IReadOnlyList<WebhookDelivery>> Deliveries(Guid webhookId, WebhookDeliveryState? state = null) =>
        [.. (await Webhooks.ListDeliveries(new WebhookDeliveryQuery(webhookId, state, null, 100), Ct))!.Deliveries.Reverse()];

    /// <summary>A job of which one event is to be told: that it was canceled.</summary>
    protected async Task<JobSnapshot> CanceledJob()
    {
        var job = await Service.SubmitJob(MemberId, videoId);
        await Cancel(job);
        return job;
    }

    /// <summary>A job of which one event is to be told so far: that it was started.</summary>
    internal async Task<(JobSnapshot Job, ClaimedTask Prepare)> Start()
    {
        var job = await Service.SubmitJob(MemberId, videoId);
        var prepare = await Worker.Claim();
        Tick();
        await Worker.Start(prepare);
        return (job, prepare);
    }

    /// <summary>A job of which two events are to be told: that it was started and canceled.</summary>
    protected async Task<JobSnapshot> StartedAndCanceledJob()
    {
        var (job, _) = await Start();
        await Cancel(job);
        return job;
    }

    /// <summary>No two events are of the same moment.</summary>
    protected void Tick() => Service.Clock.Advance(TimeSpan.FromMilliseconds(1));

    private async Task Cancel(JobSnapshot job)
    {
        Tick();
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(MemberId));
    }

    protected static string? TypeOf(Received received) => JsonDocument.Parse(received.Body).RootElement.GetProperty("type").GetString();

    protected static JsonElement JobOf(Received received) => JsonDocument.Parse(received.Body).RootElement.GetProperty("data").GetProperty("job");

    protected static bool IsOf(Received received, Guid jobId) => JobOf(received).GetProperty("id").GetGuid() == jobId;

    /// <summary>
    /// Time passes for webhooks, which go by the database's clock: every time that decides something moves back by as much. The tests' waits are
    /// minutes at least, so that none is over by itself.
    /// </summary>
    protected async Task Pass(TimeSpan time)
    {
        await Service.Execute(
            "update webhook_endpoint set failing_since = failing_since - $1, next_probe_at = next_probe_at - $1, served_at = served_at - $1", time);
        await Service.Execute(
            """
            update webhook_delivery
            set tried_from = tried_from - $1, next_attempt_at = next_attempt_at - $1, leased_until = leased_until - $1, ended_at = ended_at - $1
            """,
            time);
    }

    /// <summary>The time by the database's clock.</summary>
    protected async Task<DateTimeOffset> Now() => await Service.Value<DateTime>("select now()");

    /// <summary>Time passes until another than this would be over, but for as long as tests may take.</summary>
    protected async Task PassUntilNearly(DateTimeOffset? time) => await Pass(time!.Value - await Now() - Margin);

    /// <summary>Senders fall silent for longer than their leases.</summary>
    protected Task LoseLeases() => Service.Execute("update webhook_delivery set leased_until = now() - interval '1 second' where leased_until is not null");

    protected static Task Until(Func<bool> comes) => Polling.Until(comes, Ct);

    protected static Task Until(Func<Task<bool>> comes) => Polling.Until(comes, Ct);
}
