using System.Text.Json;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using AX2Caption.Testing.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>A scenario of a member with a video, who has events sent to a receiver.</summary>
public abstract class WebhookScenario(ServiceFixture service) : ClusterScenario(service)
{
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

    /// <summary>Senders fall silent for longer than their leases.</summary>
    protected Task LoseLeases() => Service.Execute("update webhook_delivery set leased_until = now() - interval '1 second' where leased_until is not null");

    protected static Task Until(Func<bool> comes) => Until(() => Task.FromResult(comes()));

    /// <summary>Waits, for a bounded time, for what must come.</summary>
    protected static async Task Until(Func<Task<bool>> comes)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await comes())
            await look.WaitForNextTickAsync(limit.Token);
    }
}
