using System.Collections.Concurrent;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Scenarios.Credits;

/// <summary>What the callers know: what they asked, and what they were answered. The tables must agree with it.</summary>
internal sealed class CreditRecord(IReadOnlyList<Guid> accounts, long openingCredits)
{
    private readonly ConcurrentDictionary<Guid, Line> lines = new();
    private readonly ConcurrentQueue<string> complaints = new();
    private int unanswered;

    /// <summary>Calls that ended without an answer.</summary>
    public int Unanswered => unanswered;

    public override string ToString()
    {
        var counts = lines.Values.CountBy(line => line.Outcome).ToDictionary();
        var outcomes = Enum.GetValues<Outcome>().Select(outcome => $"{counts.GetValueOrDefault(outcome)} {outcome}");
        return $"{string.Join(", ", outcomes)}; {unanswered} calls unanswered";
    }

    /// <summary>Before the first call: whatever becomes of it, the operation may be in the ledger from now on.</summary>
    public void Asked(CreditCommand command) => lines[command.OpId] = new Line(command, Outcome.InDoubt, null);

    public void NotAnswered() => Interlocked.Increment(ref unanswered);

    public void Acknowledged(CreditCommand command, CreditEntry entry)
    {
        if ((entry.OpId, entry.Kind, entry.HoldId) != (command.OpId, command.Kind, command.HoldId))
            Complain($"{command} was answered with {entry}");
        lines[command.OpId] = new Line(command, Outcome.Acknowledged, entry);
    }

    /// <summary>A refusal is certain only if no earlier call with this id is on its way still.</summary>
    public void Refused(CreditCommand command, bool certain)
    {
        if (certain)
            lines[command.OpId] = new Line(command, Outcome.Refused, null);
    }

    /// <summary>Something was answered that never may be.</summary>
    public void Complain(string complaint) => complaints.Enqueue(complaint);

    /// <summary>Whatever the tables and the callers disagree about; nothing is the only good answer.</summary>
    public async Task<IReadOnlyList<string>> Disagreements(TestDatabase database, CancellationToken cancellationToken)
    {
        var found = complaints.ToList();
        var (ledger, balances) = await Read(database, cancellationToken);
        var booked = ledger.ToLookup(row => row.OpId);
        foreach (var (opId, line) in lines)
        {
            var rows = booked[opId].ToList();
            var agrees = line.Outcome switch
            {
                Outcome.Acknowledged => rows is [var row] && row == Row.Of(line.Command.AccountId, line.Entry!),
                Outcome.Refused => rows is [],
                _ => rows is [] or [_],
            };
            if (!agrees)
                found.Add($"{line} against {(rows is [] ? "nothing" : string.Join(" and ", rows))}");
        }

        foreach (var account in accounts)
            found.AddRange(Breaks(ledger.Where(row => row.AccountId == account).OrderBy(row => row.Seq), balances[account]));
        return found;
    }

    /// <summary>Adds the account up anew, from the operations alone.</summary>
    private IEnumerable<string> Breaks(IEnumerable<Row> ledger, (long Seq, long Available, long Reserved) balance)
    {
        var (seq, available, reserved) = (0L, 0L, 0L);
        var holds = new Dictionary<Guid, long>();
        foreach (var row in ledger)
        {
            seq++;
            switch (row.Kind)
            {
                case CreditEntryKind.Grant:
                    available += row.Amount;
                    break;
                case CreditEntryKind.Reserve:
                    (available, reserved) = (available - row.Amount, reserved + row.Amount);
                    holds.Add(row.HoldId!.Value, row.Amount);
                    break;
                case CreditEntryKind.Settle or CreditEntryKind.Release when holds.Remove(row.HoldId!.Value, out var held):
                    (available, reserved) = (available + held - (row.Kind == CreditEntryKind.Settle ? row.Amount : 0), reserved - held);
                    break;
                default:
                    yield return $"nobody can have asked for {row}";
                    break;
            }

            if (!(seq == 1 ? row is { Kind: CreditEntryKind.Grant } && row.Amount == openingCredits : WasAsked(row)))
                yield return $"nobody asked for {row}";
            if ((row.Seq, row.AvailableAfter, row.ReservedAfter) != (seq, available, reserved) || available < 0)
                yield return $"expected entry {seq} to leave {available}/{reserved}, there is {row}";
        }

        if (balance != (seq, available, reserved))
            yield return $"the entries leave {(seq, available, reserved)}, the account says {balance}";
    }

    private bool WasAsked(Row row) =>
        lines.TryGetValue(row.OpId, out var line)
        && (line.Command.AccountId, line.Command.Kind, line.Command.HoldId) == (row.AccountId, row.Kind, row.HoldId)
        && (row.Kind == CreditEntryKind.Release || line.Command.Amount == row.Amount);

    private static async Task<(List<Row> Ledger, Dictionary<Guid, (long, long, long)> Balances)> Read(
        TestDatabase database, CancellationToken cancellationToken)
    {
        await using var owner = NpgsqlDataSource.Create(database.OwnerConnectionString);
        var ledger = new List<Row>();
        await using (var command = owner.CreateCommand(
            "select account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after from credit_entry"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                var kind = Enum.Parse<CreditEntryKind>(reader.GetString(3), ignoreCase: true);
                Guid? hold = reader.IsDBNull(4) ? null : reader.GetGuid(4);
                ledger.Add(new Row(
                    reader.GetGuid(0), reader.GetInt64(1), reader.GetGuid(2), kind, hold,
                    reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7)));
            }
        }

        var balances = new Dictionary<Guid, (long, long, long)>();
        await using (var command = owner.CreateCommand("select account_id, seq, available, reserved from credit_account"))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                balances.Add(reader.GetGuid(0), (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
        }

        return (ledger, balances);
    }

    private enum Outcome
    {
        Acknowledged,
        Refused,
        InDoubt,
    }

    private sealed record Line(CreditCommand Command, Outcome Outcome, CreditEntry? Entry);

    /// <summary>An entry as it lies in the table.</summary>
    private sealed record Row(
        Guid AccountId, long Seq, Guid OpId, CreditEntryKind Kind, Guid? HoldId, long Amount, long AvailableAfter, long ReservedAfter)
    {
        public static Row Of(Guid accountId, CreditEntry entry) => new(
            accountId, entry.Seq, entry.OpId, entry.Kind, entry.HoldId, entry.Amount, entry.AvailableAfter, entry.ReservedAfter);
    }
}
