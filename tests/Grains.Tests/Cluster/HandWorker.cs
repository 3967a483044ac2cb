using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>A worker whose every step the test takes: it claims, writes the objects a real one would, and reports.</summary>
internal sealed class HandWorker(ServiceFixture service)
{
    public static readonly WorkerIdentity Identity = new("by-hand", IsCore: false);

    public static readonly TaskFailure Retryable = new(new Failure("engine_failed", "The engine stumbled."), Retryable: true);
    public static readonly TaskFailure Outage = new(new Failure("engine_unavailable", "The engine is away."), Retryable: true, IsOutage: true);
    public static readonly TaskFailure Final = new(new Failure("audio_unreadable", "The audio cannot be read."), Retryable: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TaskQueue Queue => service.Service<TaskQueue>();

    public Task<List<ClaimedTask>> ClaimAll(int limit = 100) => Queue.Claim(Identity, Lane.Any, limit, Ct);

    public async Task<ClaimedTask> Claim() => Assert.Single(await ClaimAll(limit: 1));

    public ITaskOwnerGrain OwnerOf(ClaimedTask task) => service.Grains.OwnerOf(task.VideoId, task.JobId);

    public Task<TaskVerdict> Start(ClaimedTask task) => OwnerOf(task).StartTask(task.Lease);

    public Task<TaskVerdict> Complete(ClaimedTask task, TaskOutcome outcome) => OwnerOf(task).CompleteTask(task.Lease, outcome);

    public Task<TaskVerdict> Fail(ClaimedTask task, TaskFailure failure) => OwnerOf(task).FailTask(task.Lease, failure);

    public Task<HashSet<Guid>> Heartbeat(params ClaimedTask[] tasks) =>
        Queue.Heartbeat(Identity, [.. tasks.Select(task => task.Lease)], Ct);

    /// <summary>The worker falls silent: its leases run out and the sweep notices.</summary>
    public async Task Vanish()
    {
        await service.Execute("update task set lease_expires_at = now() - interval '1 second' where state = 'claimed'");
        await service.Sweep<LostLeaseSweep>();
    }

    /// <summary>Finds the upload playable, as a probe does: the object moves and the grain is told.</summary>
    public Task<TaskVerdict> CompleteProbe(ClaimedTask task, TimeSpan duration) => CompleteProbe(task, Media(duration));

    public async Task<TaskVerdict> CompleteProbe(ClaimedTask task, MediaSummary media)
    {
        var input = (TaskInput.Probe)task.Input;
        await service.Objects.Move(input.ObjectKey, input.ReadyKey, Ct);
        return await Complete(task, new TaskOutcome.Playable(media, input.ReadyKey, [await service.Stored(input.ReadyKey)]));
    }

    /// <summary>Extracts the audio and plans chunks of ten seconds.</summary>
    public async Task<TaskVerdict> CompletePrepare(ClaimedTask task, int chunks)
    {
        await service.Put(JobKeys.Audio(task));
        return await Complete(task, Prepared(task, chunks));
    }

    public async Task<TaskVerdict> CompleteTranscribe(ClaimedTask task)
    {
        await service.Put(JobKeys.Words(task));
        var input = (TaskInput.Transcribe)task.Input;
        return await Complete(task, new TaskOutcome.Transcribed(JobKeys.Words(task), TimeSpan.FromMilliseconds(input.EndMs - input.StartMs)));
    }

    public async Task<TaskVerdict> CompleteCompose(ClaimedTask task)
    {
        await WriteOutput(task);
        return await Complete(task, await Composed(task));
    }

    /// <summary>Writes what composing leaves, without a word to the grain.</summary>
    public async Task WriteOutput(ClaimedTask task)
    {
        await service.Put($"{JobKeys.OutputPrefix(task)}transcript.json");
        foreach (var format in CaptionFormats.All)
            await service.Put($"{JobKeys.OutputPrefix(task)}captions{format.FileExtension}");
    }

    /// <summary>What composing reports of what it has written.</summary>
    public async Task<TaskOutcome.Composed> Composed(ClaimedTask task)
    {
        var prefix = JobKeys.OutputPrefix(task);
        var files = new List<StoredFile>();
        await foreach (var file in service.Objects.List(prefix, Ct))
            files.Add(await service.Stored(file.Key));
        return new TaskOutcome.Composed(prefix, CueCount: 1, files);
    }

    public static TaskOutcome.Prepared Prepared(ClaimedTask task, int chunks) => new(
        JobKeys.Audio(task),
        [.. Enumerable.Range(0, chunks).Select(i => new ChunkSpan(i, TimeSpan.FromSeconds(10 * i), TimeSpan.FromSeconds(10 * (i + 1))))]);

    public static MediaSummary Media(TimeSpan duration) => new(duration, "mov,mp4", [new MediaStream(0, "audio", "aac", "en")], 0);
}
