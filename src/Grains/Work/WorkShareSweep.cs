namespace AX2Caption.Grains.Work;

/// <summary>Keeps the accounts' shares of the workers in step with who has work.</summary>
internal sealed class WorkShareSweep(TaskQueue queue) : ISweep
{
    public string Name => "accounts with work but without a share";

    public Task<int> Run(int limit, CancellationToken cancellationToken) => queue.TendShares(cancellationToken);
}
