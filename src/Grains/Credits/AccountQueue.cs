using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Credits;

/// <summary>
/// Runs the operations of one account in the order in which they came. While one batch is being written the next ones wait;
/// then they are decided together from the state that is now durable, so that no decision ever rests on a write that may yet
/// fail. An answer is given when the batch that holds it is durable, and a refusal only when the ledger was seen at the very
/// state that it was made from. Not thread-safe: it lives in one activation.
/// </summary>
/// <param name="accountId">The account.</param>
/// <param name="ledger">Where it is kept.</param>
/// <param name="options">How much may wait, and how much is written at once.</param>
/// <param name="limits">What the account may have open.</param>
/// <param name="time">Stamps entries and ends holds and grants.</param>
/// <param name="expiryMoved">Told when the next hold or grant ends, whenever that has changed.</param>
/// <param name="logger">For what must not go unseen.</param>
internal sealed partial class AccountQueue(
    Guid accountId,
    ILedger ledger,
    LedgerOptions options,
    CreditLimits limits,
    TimeProvider time,
    Action<DateTimeOffset> expiryMoved,
    ILogger logger)
{
    /// <summary>How often an operation is decided again after somebody else moved the account or an outcome stayed unknown.</summary>
    private const int MaximumRounds = 25;

    /// <summary>Stands for the answer to whoever asked for no operation; nobody looks at it.</summary>
    private static readonly CreditResult Swept = new CreditResult.Busy();

    private readonly Queue<WaitingOperation> waiting = new();
    private readonly Dictionary<Guid, WaitingOperation> waitingById = [];
    private CreditAccount? account;
    private DateTimeOffset announced = DateTimeOffset.MaxValue;
    private WaitingOperation? nextSweep;
    private int repeating;
    private bool running;

    /// <summary>Answers when the operation is durable, or durably refused.</summary>
    public Task<CreditResult> Submit(CreditOperation operation)
    {
        if (waiting.Count + repeating >= options.MaximumPendingPerAccount)
        {
            return Task.FromResult<CreditResult>(new CreditResult.Busy());
        }

        if (waitingById.TryGetValue(operation.OpId, out var same))
        {
            return Repeat(same, operation);
        }

        var entered = new WaitingOperation(operation);
        waitingById.Add(operation.OpId, entered);
        return Enter(entered);
    }

    /// <summary>Ends every hold and grant whose time is over.</summary>
    /// <returns>How many those were.</returns>
    public async Task<int> EndDue()
    {
        if (nextSweep is { } alreadyAsked)
        {
            await alreadyAsked.Answer;
            return alreadyAsked.EndedDue;
        }

        var entered = nextSweep = new WaitingOperation(operation: null);
        await Enter(entered);
        return entered.EndedDue;
    }

    /// <summary>The same operation is on its way already: what becomes of it decides.</summary>
    private async Task<CreditResult> Repeat(WaitingOperation same, CreditOperation operation)
    {
        CreditResult result;
        repeating++;
        try
        {
            result = await same.Answer;
        }
        finally
        {
            repeating--;
        }

        return operation.RequestHash().AsSpan().SequenceEqual(same.Operation!.RequestHash()) ? result : await Submit(operation);
    }

    private Task<CreditResult> Enter(WaitingOperation entered)
    {
        waiting.Enqueue(entered);
        if (!running)
        {
            running = true;
            _ = Run();
        }

        return entered.Answer;
    }

    private async Task Run()
    {
        while (waiting.Count > 0)
        {
            try
            {
                await Advance();
            }
            catch (Exception fault)
            {
                // The ledger is away, or whatever it was: what became of those who wait is unknown to them, and they will ask again.
                account = null;
                Leave(waiting.Count, (operation, _) => operation.Fail(fault));
            }
        }

        running = false;
    }

    private async Task Advance()
    {
        if (account is null && !await Load())
        {
            return;
        }

        LedgerFacts? facts = null;
        var asked = waiting.Count;
        if (waiting.Peek().NeedsFacts)
        {
            asked = Math.Min(asked, waiting.Peek().Alone ? 1 : options.MaximumPerBatch);
            facts = await LookUp(asked);
            if (facts.Seq != account!.Seq)
            {
                Doubt(asked);
                return;
            }
        }

        var batch = new AccountBatch(accountId, account!);
        var answers = Decide(batch, facts, asked);
        if (batch.Entries.Count > 0 && await ledger.Commit(batch) is not CommitOutcome.Committed and var outcome)
        {
            GiveUp(outcome, answers, hadFacts: facts is not null);
            return;
        }

        account = batch.After;
        if (account.NextExpiry != announced)
        {
            expiryMoved(announced = account.NextExpiry);
        }

        Leave(answers.Count, (entered, position) => entered.Succeed(answers[position].Result));
    }

    private async Task<bool> Load()
    {
        switch (await ledger.Load(accountId))
        {
            case LoadedAccount.Found { Account: var found }:
                account = found;
                return true;
            case LoadedAccount.Moved { AccountId: var member }:
                await AnswerFrom(member);
                return false;
            default:
                Leave(waiting.Count, (entered, _) => entered.Succeed(new CreditResult.AccountNotFound()));
                return false;
        }
    }

    /// <summary>Nothing is written here any more, but what was done before is still answered as it was then.</summary>
    private async Task AnswerFrom(Guid member)
    {
        var asked = waiting.Count;
        var facts = await LookUp(asked);
        Leave(asked, (entered, _) => entered.Succeed(
            (entered.Operation is { } operation ? facts.AnswerTo(operation) : null) ?? new CreditResult.AccountMoved(member)));
    }

    private Task<LedgerFacts> LookUp(int count) =>
        ledger.LookUp(accountId, [.. waiting.Take(count).Select(entered => entered.Operation).OfType<CreditOperation>()]);

    /// <summary>Decides the first of those who wait, up to the first whose answer takes facts that are not there.</summary>
    private List<Decided> Decide(AccountBatch batch, LedgerFacts? facts, int asked)
    {
        var now = time.UtcNow();
        var endedDue = batch.EndDue(now);
        var answers = new List<Decided>();
        foreach (var entered in waiting.Take(Math.Min(asked, options.MaximumPerBatch)))
        {
            if ((entered.NeedsFacts && facts is null) || (entered.Alone && answers.Count > 0))
            {
                break;
            }

            if (entered.Operation is not { } operation)
            {
                nextSweep = null; // whoever asks from here on may mean what is due by then
                entered.EndedDue = endedDue;
                answers.Add(new Decided(Swept, IsKnown: false));
                continue;
            }

            var known = facts?.AnswerTo(operation, batch);
            var answer = known ?? batch.Decide(operation, facts?.EndedHoldOf(operation), limits, now);
            if (facts is null && answer is not CreditResult.Applied)
            {
                // The ledger may know better: the operation may be in it, its hold may have ended, another activation may have granted.
                entered.NeedsFacts = true;
                break;
            }

            answers.Add(new Decided(answer, IsKnown: known is not null));
            if (entered.Alone)
            {
                break;
            }
        }

        return answers;
    }

    private void GiveUp(CommitOutcome outcome, List<Decided> answers, bool hadFacts)
    {
        var count = Math.Max(1, answers.Count);
        switch (outcome)
        {
            case CommitOutcome.Full:
                // What is in the ledger since earlier is not undone by that.
                Leave(count, (entered, position) =>
                {
                    entered.EndedDue = 0;
                    var isKnown = position < answers.Count && answers[position].IsKnown;
                    entered.Succeed(isKnown ? answers[position].Result : new CreditResult.Busy());
                });
                break;
            case CommitOutcome.Rejected { Fault: var fault } when count == 1 && hadFacts:
                LogRejected(fault, accountId, waiting.Peek().Operation?.OpId);
                Leave(1, (entered, _) => entered.Fail(new InvalidOperationException("The ledger does not take this operation.")));
                break;
            case CommitOutcome.Rejected:
                // One of them is the culprit, and it may be one that the ledger knows more of: one by one, with all that is known.
                foreach (var entered in waiting.Take(count))
                {
                    entered.NeedsFacts = entered.Alone = true;
                }

                break;
            default:
                Doubt(count);
                break;
        }
    }

    /// <summary>Memory is not to be trusted: load again, and look those operations up before they are decided again.</summary>
    private void Doubt(int count)
    {
        account = null;
        LogDoubt(accountId, count);
        foreach (var entered in waiting.Take(count))
        {
            entered.NeedsFacts = true;
            entered.Rounds++;
        }

        if (waiting.Peek().Rounds > MaximumRounds)
        {
            Leave(1, (entered, _) => entered.Fail(new ServiceUnavailableException("The account was moved by others too often; ask again.")));
        }
    }

    private void Leave(int count, Action<WaitingOperation, int> answer)
    {
        for (var position = 0; position < count; position++)
        {
            var entered = waiting.Dequeue();
            if (entered.Operation is { } operation)
            {
                waitingById.Remove(operation.OpId);
            }
            else if (entered == nextSweep)
            {
                nextSweep = null;
            }

            answer(entered, position);
        }
    }

    /// <param name="Result">The answer.</param>
    /// <param name="IsKnown">Whether it comes from the ledger, and is good whatever becomes of the batch.</param>
    private readonly record struct Decided(CreditResult Result, bool IsKnown);

    [LoggerMessage(LogLevel.Debug, "Account {AccountId}: {Count} operations were done before, lost their fence or have no known outcome.")]
    private partial void LogDoubt(Guid accountId, int count);

    [LoggerMessage(LogLevel.Error, "Account {AccountId}: the database does not take operation {OpId}.")]
    private partial void LogRejected(Exception fault, Guid accountId, Guid? opId);
}
