using AX2Caption.Grains.Work;

namespace AX2Caption.Grains;

/// <summary>Everything a worker cannot work without.</summary>
public sealed class WorkerPrerequisites
{
    private readonly IReadOnlyList<IWorkerPrerequisite> prerequisites;

    internal WorkerPrerequisites(IEnumerable<IWorkerPrerequisite> prerequisites) => this.prerequisites = [.. prerequisites];

    /// <summary>Throws, with a sentence that says what to do, for the first that is missing.</summary>
    public async Task Check(CancellationToken cancellationToken)
    {
        foreach (var prerequisite in prerequisites)
        {
            await prerequisite.Check(cancellationToken);
        }
    }
}
