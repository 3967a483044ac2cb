using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>A caller that asks for one thing after the other, repeats what it got no answer to, and writes everything down.</summary>
internal sealed class SimulatedClient(SimulatedWorld world, SimulatedLedger ledger, SimulatedActivation[] activations, Guid[] holdIds, Seen seen)
{
    private readonly List<CreditOperation> asked = [];

    /// <summary>Every question with its answer; null where none came. The ledger's length at both moments is noted.</summary>
    public List<(CreditOperation Operation, CreditResult? Answer, long SeqBefore, long SeqAfter)> Record { get; } = [];

    public async Task Live(int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            var operation = Next();
            asked.Add(operation);
            // Now and then the network delivers a message twice.
            if (world.OneIn(10))
                await Task.WhenAll(Ask(operation), Ask(operation));
            else if (await Ask(operation) is null && !world.OneIn(4))
                await Ask(operation);
            if (world.OneIn(8))
                await Sweep();
        }
    }

    private async Task<CreditResult?> Ask(CreditOperation operation)
    {
        var seqBefore = ledger.Seq;
        CreditResult? answer = null;
        try
        {
            answer = await activations[world.Chance.Next(activations.Length)].Ask(operation);
        }
        catch (Exception fault) when (fault is ServiceUnavailableException or InvalidOperationException)
        {
            seen.Unknown++;
        }

        Record.Add((operation, answer, seqBefore, ledger.Seq));
        return answer;
    }

    private async Task Sweep()
    {
        try
        {
            await activations[world.Chance.Next(activations.Length)].EndDue();
        }
        catch (ServiceUnavailableException)
        {
            // The sweep comes again.
        }
    }

    private CreditOperation Next()
    {
        if (asked.Count > 0 && world.OneIn(8))
            return Again(asked[world.Chance.Next(asked.Count)]);

        var holdId = holdIds[world.Chance.Next(holdIds.Length)];
        var amount = world.Chance.Next(1, 12);
        var end = world.Clock.GetUtcNow().AddMinutes(world.Chance.Next(1, 120));
        var operation = world.Chance.Next(10) switch
        {
            0 => Operations.Grant(amount, world.OneIn(2) ? end : null),
            1 => Operations.Adjust(world.OneIn(2) ? amount : -amount),
            2 => Operations.Refund(holdId, world.OneIn(2) ? amount : null),
            3 => Operations.Extend(holdId, end),
            4 or 5 => Operations.Settle(holdId, amount),
            6 => Operations.Release(holdId),
            _ => Operations.Reserve(holdId, amount, end),
        };
        return operation with { OpId = NewId(), Reason = world.OneIn(25) ? FaultyConnection.Poison : operation.Reason };
    }

    /// <summary>The same once more, or something else under the same id.</summary>
    private CreditOperation Again(CreditOperation operation) =>
        world.OneIn(3) && operation.Amount is { } amount ? operation with { Amount = amount + 1 } : operation;

    private Guid NewId()
    {
        var bytes = new byte[16];
        world.Chance.NextBytes(bytes);
        return new Guid(bytes);
    }
}
