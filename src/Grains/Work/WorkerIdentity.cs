namespace AX2Caption.Grains.Work;

/// <summary>Who a worker is.</summary>
/// <param name="Name">Drawn anew at each start of its process.</param>
/// <param name="IsCore">Whether the same silo runs grains: it leaves the work to those that do not, while there are any.</param>
internal sealed record WorkerIdentity(string Name, bool IsCore)
{
    public static WorkerIdentity OfThisProcess(bool isCore) =>
        new($"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7():N}", isCore);
}
