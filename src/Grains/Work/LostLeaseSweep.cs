namespace AX2Caption.Grains.Work;

/// <summary>Tells owners of tasks whose worker fell silent.</summary>
internal sealed class LostLeaseSweep(TaskQueue queue, IGrainFactory grains) : ISweep
{
    public string Name => "lost leases";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var lost = await queue.Lost(limit, cancellationToken);
        foreach (var task in lost)
        {
            await grains.OwnerOf(task.VideoId, task.JobId).LoseTask(task.Lease);
        }

        return lost.Count;
    }
}
