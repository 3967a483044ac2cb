using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using Orleans.Runtime.Messaging;
using Orleans.Storage;

namespace AX2Caption.Scenarios.Credits;

/// <summary>
/// Callers who grant, reserve, settle and release in a few accounts, all at once, until they are stopped. Now and then they ask again
/// under the same id, ask for something else under it, end each other's holds, ask for more than there is; and they write it all down.
/// </summary>
internal sealed class CreditLoad : IAsyncDisposable
{
    private const int Callers = 24;

    // Bounds on how much there will be to check, whatever the machine: callers wait a moment between calls, and end at a number of them.
    private const int MaximumCalls = 200_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    // The default failover takes about a quarter of a minute.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly IGrainFactory grains;
    private readonly IReadOnlyList<Guid> accounts;
    private readonly CancellationTokenSource given;
    private readonly ConcurrentDictionary<Guid, ConcurrentBag<(Guid Id, long Amount)>> holds = new();
    private readonly ConcurrentDictionary<Guid, int> acknowledged = new();
    private readonly Task calling;
    private volatile bool stopping;
    private int calls;

    private CreditLoad(IGrainFactory grains, IReadOnlyList<Guid> accounts, CreditRecord record, CancellationToken cancellationToken)
    {
        this.grains = grains;
        this.accounts = accounts;
        Record = record;
        given = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        calling = Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(() => Call(new Random(caller)), cancellationToken)));
    }

    public CreditRecord Record { get; }

    public static CreditLoad Start(
        IGrainFactory grains, IReadOnlyList<Guid> accounts, CreditRecord record, CancellationToken cancellationToken) =>
        new(grains, accounts, record, cancellationToken);

    /// <summary>Answers when every account has acknowledged so many new operations more, which takes a failover at the most.</summary>
    public async Task EveryAccountMoves(int operations)
    {
        var goals = accounts.ToDictionary(account => account, account => acknowledged.GetValueOrDefault(account) + operations);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(given.Token);
        limit.CancelAfter(Patience);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (goals.Any(goal => acknowledged.GetValueOrDefault(goal.Key) < goal.Value))
        {
            if (calling.IsCompleted)
            {
                await calling;
                throw new InvalidOperationException($"The callers ended by themselves after {calls} calls.");
            }

            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>Lets each caller finish what it is about.</summary>
    public async Task Stop()
    {
        stopping = true;
        await calling.WaitAsync(Patience, given.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await given.CancelAsync();
        await calling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        given.Dispose();
    }

    private async Task Call(Random random)
    {
        var answered = new List<(CreditCommand Command, CreditEntry Entry)>();
        while (!stopping && Interlocked.Increment(ref calls) <= MaximumCalls)
        {
            if (answered.Count > 0 && random.Next(5) == 0)
                await AskAgain(answered[random.Next(answered.Count)], random);
            else if (await AskNew(Invent(random), insist: random.Next(2) == 0) is { } news)
                answered.Add(news);
            await Task.Delay(Pause, given.Token);
        }
    }

    private CreditCommand Invent(Random random)
    {
        var account = accounts[random.Next(accounts.Count)];
        var kind = random.Next(10);
        var ended = holds.GetOrAdd(account, _ => []);
        if (kind < 5 && ended.TryTake(out var hold))
        {
            // Who leaves it there lets somebody else try to end it too.
            if (random.Next(5) == 0)
                ended.Add(hold);
            return kind < 3
                ? new CreditCommand(account, Guid.CreateVersion7(), CreditEntryKind.Settle, hold.Id, random.NextInt64(hold.Amount + 1))
                : new CreditCommand(account, Guid.CreateVersion7(), CreditEntryKind.Release, hold.Id, 0);
        }

        // More is asked for than is granted, so that some must be refused.
        return kind == 9
            ? new CreditCommand(account, Guid.CreateVersion7(), CreditEntryKind.Grant, null, random.NextInt64(1, 40))
            : new CreditCommand(account, Guid.CreateVersion7(), CreditEntryKind.Reserve, Guid.CreateVersion7(), random.NextInt64(1, 30));
    }

    /// <returns>What was acknowledged; null if it was refused or remains in doubt.</returns>
    private async Task<(CreditCommand, CreditEntry)?> AskNew(CreditCommand command, bool insist)
    {
        Record.Asked(command);
        // Also if no answer comes: others may then find it, or not.
        if (command.Kind == CreditEntryKind.Reserve)
            holds[command.AccountId].Add((command.HoldId!.Value, command.Amount));

        var certain = true;
        do
        {
            switch (await Ask(command))
            {
                case CreditResult.Applied applied:
                    Record.Acknowledged(command, applied.Entry);
                    acknowledged.AddOrUpdate(command.AccountId, 1, (_, count) => count + 1);
                    return (command, applied.Entry);
                case CreditResult.InsufficientCredits or CreditResult.HoldNotFound or CreditResult.HoldNotOpen:
                    Record.Refused(command, certain);
                    return null;
                case null or CreditResult.Busy:
                    certain = false;
                    await Task.Delay(Pause, given.Token);
                    break;
                case var other:
                    Record.Complain($"{command} was answered with {other}");
                    return null;
            }
        }
        while (insist);

        return null;
    }

    /// <summary>The same again has the same answer; something else under the same id is a conflict.</summary>
    private async Task AskAgain((CreditCommand Command, CreditEntry Entry) earlier, Random random)
    {
        var same = random.Next(2) == 0;
        var command = same ? earlier.Command : earlier.Command.Contradicted();
        var answer = await Ask(command);
        var agrees = answer switch
        {
            null or CreditResult.Busy => true,
            CreditResult.Applied applied => same && applied.Entry == earlier.Entry,
            CreditResult.Conflict => !same,
            _ => false,
        };
        if (!agrees)
            Record.Complain($"{command}, after {earlier.Entry}, was answered with {answer}");
    }

    /// <returns>Null if there was no answer.</returns>
    private async Task<CreditResult?> Ask(CreditCommand command)
    {
        try
        {
            return await command.Send(grains);
        }
        catch (Exception fault) when (IsOutcomeUnknown(fault))
        {
            Record.NotAnswered();
            return null;
        }
    }

    /// <summary>What the Api too takes for no answer, and asks again; any other exception would be an error to its users.</summary>
    private static bool IsOutcomeUnknown(Exception fault) => fault
        is TimeoutException
        or OrleansMessageRejectionException
        or ConnectionFailedException
        or GatewayTooBusyException
        or ClientNotAvailableException
        or InconsistentStateException
        or ServiceUnavailableException;
}
