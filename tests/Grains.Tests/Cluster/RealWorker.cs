using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Videos;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Cluster;

/// <summary>A worker that does its tasks as those of the service do, one after the other and when the test says so.</summary>
internal sealed class RealWorker(ServiceFixture service, MediaOptions? media = null) : IDisposable
{
    private readonly TempFolder scratch = new();
    private readonly HandWorker hand = new(service);
    private int attempts;

    /// <summary>Does whatever is queued until nothing is.</summary>
    public async Task DoAll()
    {
        while (await hand.ClaimAll(limit: 1) is [var task])
        {
            Assert.Equal(Abstractions.Work.TaskVerdict.Accepted, await hand.Start(task));
            Assert.Equal(Abstractions.Work.TaskVerdict.Accepted, await hand.Complete(task, await Handle(task)));
        }
    }

    /// <summary>Does a task and tells nobody.</summary>
    public Task<Abstractions.Work.TaskOutcome> Handle(ClaimedTask task) =>
        HandlerOf(task.Input.Kind).Handle(task, scratch.SubFolder($"{++attempts}"), TestContext.Current.CancellationToken);

    public void Dispose() => scratch.Dispose();

    private ITaskHandler HandlerOf(TaskKind kind) => kind switch
    {
        TaskKind.Probe => new ProbeHandler(service.Objects, MediaFixture.Probe(media), MediaFixture.Thumbnailer(media)),
        TaskKind.Prepare => new PrepareHandler(service.Objects, MediaFixture.Extractor(), Options.Create(new ChunkOptions())),
        TaskKind.Transcribe => new TranscribeHandler(service.Objects, service.Service<Transcribers>()),
        TaskKind.Compose => new ComposeHandler(service.Service<TaskQueue>(), service.Objects),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
