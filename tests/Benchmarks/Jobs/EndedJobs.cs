using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Benchmarks.Jobs;

/// <summary>Hears of each job that was composed and paid, without asking for it: it listens to what workers report.</summary>
internal sealed class EndedJobs : IIncomingGrainCallFilter
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> waiting = new();

    /// <summary>Ends when the job has. To be asked before the job is submitted.</summary>
    public Task Of(Guid jobId) => waiting.GetOrAdd(jobId, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async Task Invoke(IIncomingGrainCallContext context)
    {
        await context.Invoke();
        if (context.MethodName == nameof(ITaskOwnerGrain.CompleteTask)
            && context.Request.GetArgument(1) is TaskOutcome.Composed
            && context.Grain is ICaptionJobGrain job
            && waiting.TryRemove(job.GetPrimaryKey(), out var ended))
        {
            ended.SetResult();
        }
    }
}
