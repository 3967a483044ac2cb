using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Retention;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Retention;

/// <summary>What the scenarios of deletions do and see.</summary>
internal static class RetentionExtensions
{
    /// <summary>Bytes of every object that a test puts.</summary>
    public const int ObjectBytes = 6;

    /// <summary>A transcript and captions in two formats.</summary>
    public const int OutputObjects = 3;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Task<DeletionReceipt?> Receipt(this ServiceFixture service, Guid accountId, Guid videoId) =>
        service.Grains.GetGrain<IDeletionIndexGrain>(accountId).Find(videoId, Ct);

    public static async Task<int> CountObjects(this ServiceFixture service)
    {
        var count = 0;
        await foreach (var _ in service.Objects.List("", Ct))
            count++;
        return count;
    }

    /// <summary>The clock goes to the moment at which the video's time is over.</summary>
    public static async Task Expire(this ServiceFixture service, Guid videoId) => service.Clock.SetUtcNow(
        await service.Value<DateTime>("select expires_at at time zone 'utc' from video where video_id = $1", videoId) is var at
            ? new DateTimeOffset(at, TimeSpan.Zero)
            : default);

    /// <summary>The video's reminder comes by.</summary>
    public static Task Remind(this ServiceFixture service, Guid videoId) =>
        service.Video(videoId).AsReference<IRemindable>().ReceiveReminder("expiry", default, Ct);

    public static Task<long> Reminders(this ServiceFixture service, Guid videoId) =>
        service.Value<long>("select count(*) from orleans_reminder where grain_id like '%' || $1", videoId.ToString("N"));

    /// <summary>The lease of whoever worked on what was canceled has run out.</summary>
    public static Task EndLeases(this ServiceFixture service) =>
        service.Execute("update task set lease_expires_at = now() - interval '1 second' where state = 'canceled' and lease_expires_at is not null");

    /// <summary>A job that has succeeded, on a video that is ready.</summary>
    public static async Task<JobSnapshot> SucceededJob(this ServiceFixture service, Guid accountId, Guid videoId)
    {
        var worker = new HandWorker(service);
        var job = await service.SubmitJob(accountId, videoId);
        var prepare = await worker.Claim();
        await worker.Start(prepare);
        await worker.CompletePrepare(prepare, chunks: 1);
        await worker.CompleteTranscribe(await worker.Claim());
        await worker.CompleteCompose(await worker.Claim());
        return await service.Get(job);
    }
}
