using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using Microsoft.Extensions.Logging.Abstractions;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>An activation of the account's grain. When it dies, whoever waits for it learns nothing, and what it has sent goes on.</summary>
internal sealed class SimulatedActivation
{
    private readonly AccountQueue queue;
    private readonly List<Action> mourners = [];

    public SimulatedActivation(SimulatedWorld world, SimulatedLedger ledger, Seen seen, CreditLimits limits, LedgerOptions options) =>
        queue = new AccountQueue(
            Guid.Empty, new FaultyConnection(world, ledger, seen), options, limits, world.Clock, expiryMoved: _ => { }, NullLogger.Instance);

    /// <exception cref="ServiceUnavailableException">Nobody knows whether it was done.</exception>
    public Task<CreditResult> Ask(CreditOperation operation) => UnlessDead(queue.Submit(operation));

    public Task EndDue() => UnlessDead(queue.EndDue());

    public void Die()
    {
        foreach (var mourner in mourners.ToList())
            mourner();
    }

    /// <summary>Not <c>Task.WhenAny</c>, which would go on in another thread.</summary>
    private Task<T> UnlessDead<T>(Task<T> work)
    {
        var answer = new TaskCompletionSource<T>();
        mourners.Add(() => answer.TrySetException(new ServiceUnavailableException("The silo is gone.")));
        _ = Forward();
        return answer.Task;

        async Task Forward()
        {
            try
            {
                answer.TrySetResult(await work);
            }
            catch (Exception fault)
            {
                answer.TrySetException(fault);
            }
        }
    }
}
