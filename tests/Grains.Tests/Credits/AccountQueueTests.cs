using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Credits.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>An account's queue on a ledger that answers when the test lets it.</summary>
public sealed class AccountQueueTests
{
    private readonly HeldLedger ledger = new();
    private readonly SimulatedWorld world = new(seed: 1);
    private readonly List<DateTimeOffset> expiries = [];

    [Fact]
    public async Task Submit_AsManyAsMayWait_AreTakenAndOneMoreIsBusy()
    {
        var queue = NewQueue(new LedgerOptions { MaximumPendingPerAccount = 3 });
        var taken = Enumerable.Range(0, 3).Select(_ => queue.Submit(Operations.Grant(1))).ToList();

        Assert.IsType<CreditResult.Busy>(await queue.Submit(Operations.Grant(1)));

        ledger.Release();
        Assert.All(await Task.WhenAll(taken), result => Assert.IsType<CreditResult.Applied>(result));
        Assert.IsType<CreditResult.Applied>(await queue.Submit(Operations.Grant(1)));
    }

    [Fact]
    public async Task Submit_WhileACommitIsUnderWay_SharesTheNextOne()
    {
        var queue = NewQueue();
        ledger.Release();
        await queue.Submit(Operations.Grant(1));
        ledger.Hold();
        var results = Enumerable.Range(0, 10).Select(_ => queue.Submit(Operations.Grant(1))).ToList();

        ledger.Release();
        await Task.WhenAll(results);

        // The first found the writer free, the other nine waited for it.
        Assert.Equal([1, 1, 9], ledger.Commits);
    }

    [Fact]
    public async Task Submit_MoreThanABatchTakes_GoesInSeveral()
    {
        var queue = NewQueue(new LedgerOptions { MaximumPerBatch = 4 });
        var results = Enumerable.Range(0, 10).Select(_ => queue.Submit(Operations.Grant(1))).ToList();

        ledger.Release();
        await Task.WhenAll(results);

        Assert.Equal([4, 4, 2], ledger.Commits);
    }

    [Fact]
    public async Task Submit_TheSameTwiceAtOnce_IsOneOperationWithOneAnswer()
    {
        var queue = NewQueue();
        var operation = Operations.Grant(1);
        var (first, second) = (queue.Submit(operation), queue.Submit(operation));

        ledger.Release();

        Assert.Equal(Assert.IsType<CreditResult.Applied>(await first), await second);
        Assert.Equal([1], ledger.Commits);
    }

    [Fact]
    public async Task Submit_AnotherRequestUnderAnIdThatIsUnderWay_IsAConflict()
    {
        var queue = NewQueue();
        var operation = Operations.Grant(1);
        var (first, second) = (queue.Submit(operation), queue.Submit(operation with { Amount = 2 }));

        ledger.Release();

        Assert.IsType<CreditResult.Applied>(await first);
        Assert.Equal(new CreditResult.Conflict(operation.OpId), await second);
    }

    [Fact]
    public async Task Submit_LedgerAway_FailsAllWhoWaitAndTheNextIsServedAgain()
    {
        var queue = NewQueue();
        var waiting = Enumerable.Range(0, 3).Select(_ => queue.Submit(Operations.Grant(1))).ToList();

        ledger.Fail(new ServiceUnavailableException("Away."));

        foreach (var result in waiting)
            await Assert.ThrowsAsync<ServiceUnavailableException>(() => result);
        ledger.Release();
        Assert.Equal(1, Assert.IsType<CreditResult.Applied>(await queue.Submit(Operations.Grant(1))).Entry.Seq);
    }

    [Fact]
    public async Task NextExpiry_IsToldWhenItChanges()
    {
        var queue = NewQueue();
        var (grant, hold) = (Operations.Grant(5, Operations.Now.AddHours(2)), Guid.CreateVersion7());
        ledger.Release();

        await queue.Submit(grant);
        await queue.Submit(Operations.Reserve(hold, 1, Operations.Now.AddHours(1)));
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await queue.EndDue());
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await queue.EndDue());
        Assert.Equal(0, await queue.EndDue());

        Assert.Equal([Operations.Now.AddHours(2), Operations.Now.AddHours(1), Operations.Now.AddHours(2), DateTimeOffset.MaxValue], expiries);
    }

    [Fact]
    public async Task Submit_CreditsThatReturnToAGrantThatIsOver_LapseBeforeTheNextOfTheSameBatch()
    {
        var queue = NewQueue();
        var hold = Guid.CreateVersion7();
        ledger.Release();
        await queue.Submit(Operations.Grant(5, Operations.Now.AddHours(1)));
        await queue.Submit(Operations.Reserve(hold, 5, Operations.Now.AddHours(2)));
        world.Clock.Advance(TimeSpan.FromHours(1));
        ledger.Hold();
        _ = queue.Submit(Operations.Grant(1));
        var release = queue.Submit(Operations.Release(hold));
        var reserve = queue.Submit(Operations.Reserve(Guid.CreateVersion7(), 2, Operations.Now.AddHours(3)));

        ledger.Release();

        Assert.IsType<CreditResult.Applied>(await release);
        Assert.Equal(new CreditResult.InsufficientCredits(2, 1), await reserve);
    }

    [Fact]
    public async Task EndDue_AskedAgainBeforeItsTurn_IsAskedOnce()
    {
        var queue = NewQueue();
        var asked = Enumerable.Range(0, 5).Select(_ => queue.EndDue()).ToList();

        ledger.Release();
        await Task.WhenAll(asked);

        Assert.Equal(1, ledger.LookUps);
    }

    private AccountQueue NewQueue(LedgerOptions? options = null) =>
        new(Guid.Empty, ledger, options ?? new LedgerOptions(), CreditLimits.None, world.Clock, expiries.Add, NullLogger.Instance);

    /// <summary>A simulated ledger behind a gate.</summary>
    private sealed class HeldLedger : ILedger
    {
        private readonly SimulatedLedger ledger = new();
        private TaskCompletionSource gate = new();

        public List<int> Commits { get; } = [];

        public int LookUps { get; private set; }

        public void Hold() => gate = new TaskCompletionSource();

        public void Release() => gate.TrySetResult();

        /// <summary>Fails what waits at the gate, and closes it anew.</summary>
        public void Fail(Exception fault)
        {
            var failing = gate;
            Hold();
            failing.SetException(fault);
        }

        public async Task<LoadedAccount> Load(Guid accountId)
        {
            await gate.Task;
            return new LoadedAccount.Found(ledger.Load());
        }

        public async Task<LedgerFacts> LookUp(Guid accountId, IReadOnlyCollection<CreditOperation> operations)
        {
            await gate.Task;
            LookUps++;
            return ledger.LookUp(operations);
        }

        public async Task<CommitOutcome> Commit(AccountBatch batch)
        {
            await gate.Task;
            Commits.Add(batch.Entries.Count);
            return ledger.Commit(batch);
        }
    }
}
