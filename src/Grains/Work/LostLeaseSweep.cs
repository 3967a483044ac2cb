namespace AX2Caption.Grains.Work;

/// <summary>Tells owners of tasks whose worker fell silent.</summary>
internal sealed class LostLeaseSweep(TaskQueue queue, IGrainFactory grains) : ISweep
{
    public string Name => "lost leases";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var lost = await queue.Lost(limit, cancellationToken);
        await EachRow.Finish(lost, task => grains.OwnerOf(task.VideoId, task.JobId).LoseTask(task.Lease));
        return lost.Count;
    }
}
