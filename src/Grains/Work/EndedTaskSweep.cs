using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Work;

/// <summary>Forgets tasks that ended long ago, which nobody asks for any more, and workers that were killed.</summary>
internal sealed class EndedTaskSweep(TaskQueue queue, IOptions<WorkOptions> options, TimeProvider time) : ISweep
{
    public string Name => "tasks that ended long ago";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        await queue.ForgetWorkers(cancellationToken);
        return await queue.ForgetEnded(time.UtcNow() - options.Value.KeepTasks, limit, cancellationToken);
    }
}
