using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>What a customer does and sees.</summary>
internal static class CustomerExtensions
{
    /// <summary>What a new guest has.</summary>
    public const long GuestGrant = 30;

    /// <summary>A new guest's account, with <see cref="GuestGrant"/> credits.</summary>
    public static async Task<Guid> NewGuest(this ServiceFixture service) =>
        (await service.Grains.GetGrain<IAccountGrain>(Guid.CreateVersion7()).CreateGuest()).AccountId;

    public static IUserCreditGrain Credits(this ServiceFixture service, Guid accountId) => service.Grains.GetGrain<IUserCreditGrain>(accountId);

    public static Task<CreditBalance> Balance(this ServiceFixture service, Guid accountId) =>
        service.Credits(accountId).GetBalance(TestContext.Current.CancellationToken);

    /// <summary>The account's whole ledger, oldest entry first.</summary>
    public static async Task<List<CreditEntry>> Ledger(this ServiceFixture service, Guid accountId)
    {
        var entries = new List<CreditEntry>();
        long? before = null;
        do
        {
            var page = await service.Credits(accountId).ListEntries(before, 200, TestContext.Current.CancellationToken);
            entries.AddRange(page.Entries);
            before = page.Next;
        }
        while (before is not null);

        entries.Reverse();
        return entries;
    }

    public static IVideoGrain Video(this ServiceFixture service, Guid videoId) => service.Grains.GetGrain<IVideoGrain>(videoId);

    public static ICaptionJobGrain Job(this ServiceFixture service, Guid jobId) => service.Grains.GetGrain<ICaptionJobGrain>(jobId);

    /// <summary>An object that <see cref="Put"/> has stored, as a task reports it.</summary>
    public static async Task<StoredFile> Stored(this ServiceFixture service, string key)
    {
        await using var content = await service.Objects.OpenRead(key, 0, null, TestContext.Current.CancellationToken);
        var length = (await service.Objects.Stat(key, TestContext.Current.CancellationToken))!.Length;
        return new StoredFile(key, length, await SHA256.HashDataAsync(content, TestContext.Current.CancellationToken));
    }

    public static Task Put(this ServiceFixture service, string key) =>
        service.Objects.Put(key, new MemoryStream("Bytes."u8.ToArray()), TestContext.Current.CancellationToken);

    /// <summary>A video whose bytes have arrived and whose probe is queued.</summary>
    public static async Task<Guid> Upload(this ServiceFixture service, Guid accountId)
    {
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(await service.Video(videoId).BeginUpload(new BeginUpload(accountId, "talk.mp4")));
        await service.Put(begun.ObjectKey);
        Assert.IsType<VideoResult.Found>(await service.Video(videoId).CompleteUpload(Bytes(accountId)));
        return videoId;
    }

    /// <summary>A video whose bytes are those of a file, and whose probe is queued.</summary>
    public static async Task<Guid> Upload(this ServiceFixture service, Guid accountId, string path)
    {
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(
            await service.Video(videoId).BeginUpload(new BeginUpload(accountId, Path.GetFileName(path))));
        await using var content = File.OpenRead(path);
        var written = await service.Objects.Put(begun.ObjectKey, content, TestContext.Current.CancellationToken);
        Assert.IsType<VideoResult.Found>(
            await service.Video(videoId).CompleteUpload(new CompleteUpload(accountId, written.Length, written.Sha256)));
        return videoId;
    }

    public static CompleteUpload Bytes(Guid accountId) => new(accountId, Length: 6, Sha256: new byte[32]);

    /// <summary>A video that can be captioned, one minute long unless said otherwise.</summary>
    public static async Task<Guid> ReadyVideo(this ServiceFixture service, Guid accountId, TimeSpan? duration = null)
    {
        var videoId = await service.Upload(accountId);
        var worker = new HandWorker(service);
        await worker.CompleteProbe(await worker.Claim(), duration ?? TimeSpan.FromMinutes(1));
        return videoId;
    }

    public static async Task<JobSnapshot> SubmitJob(this ServiceFixture service, Guid accountId, Guid videoId, Guid? jobId = null) =>
        Assert.IsType<SubmitJobResult.Accepted>(
            await service.Job(jobId ?? Guid.CreateVersion7()).Submit(new SubmitJob(accountId, videoId, "en", Profile: null))).Job;

    public static async Task<JobSnapshot> Get(this ServiceFixture service, JobSnapshot job) =>
        Assert.IsType<JobResult.Found>(await service.Job(job.JobId).Get(job.AccountId, TestContext.Current.CancellationToken)).Job;
}
