using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Work;

namespace AX2Caption.Benchmarks.Jobs;

/// <summary>An engine that takes no time and recognises nothing, so that what is left is what a job costs beside its recognition.</summary>
internal sealed class InstantTasks(TaskKind kind) : ITaskHandler
{
    public TaskKind Kind => kind;

    public Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken) => Task.FromResult<TaskOutcome>(kind switch
    {
        TaskKind.Prepare => new TaskOutcome.Prepared(JobKeys.Audio(task), [new ChunkSpan(0, TimeSpan.Zero, TimeSpan.FromSeconds(30))]),
        TaskKind.Transcribe => new TaskOutcome.Transcribed(JobKeys.Words(task)),
        TaskKind.Compose => Composed(JobKeys.OutputPrefix(task)),
        _ => throw new InvalidOperationException($"No job has a task {kind}."),
    });

    private static TaskOutcome.Composed Composed(string prefix) =>
        new(prefix, CueCount: 1, [new StoredFile($"{prefix}transcript.json", 1, new byte[32])]);
}
