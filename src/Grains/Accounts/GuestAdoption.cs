using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Auditing;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>
/// Moves what a guest has to a member in one transaction, so that wherever a crash falls all of it has moved or nothing.
/// It locks accounts first, then videos, jobs and tasks, as their own transactions do, and the ledger last: a writer of
/// credits, whose batch carries other accounts too, waits only for the few statements after that.
/// </summary>
internal sealed class GuestAdoption(NpgsqlDataSource database, ChangedAccounts changed, TimeProvider time)
{
    public async Task<AdoptGuestResult> Adopt(Guid guestId, Guid memberId)
    {
        try
        {
            return await Move(guestId, memberId);
        }
        finally
        {
            // To be audited, also if it is not known what became of it.
            changed.Add([guestId, memberId]);
        }
    }

    private Task<AdoptGuestResult> Move(Guid guestId, Guid memberId) => database.Transact<AdoptGuestResult>(async connection =>
    {
        var accounts = await AccountStore.Lock(connection, guestId, memberId);
        if (!accounts.Exists(account => account is { Kind: AccountKind.Member, ClosedAt: null } && account.AccountId == memberId))
        {
            return new AdoptGuestResult.NotAMember();
        }

        if (accounts.Find(account => account is { Kind: AccountKind.Guest, ClosedAt: null } && account.AccountId == guestId) is not { } guest)
        {
            return new AdoptGuestResult.GuestNotFound();
        }

        if (guest.MergedInto is { } owner)
        {
            return owner == memberId ? new AdoptGuestResult.Adopted(Replayed: true) : new AdoptGuestResult.AdoptedByAnother();
        }

        await SessionStore.EndAll(connection, guestId, SessionEnd.BecameMember, time.UtcNow());
        await MoveWork(connection, guestId, memberId);
        await MoveCredits(connection, guestId, memberId);
        await connection.Execute("update account set merged_into = $2 where account_id = $1", [guestId, memberId]);
        return new AdoptGuestResult.Adopted(Replayed: false);
    });

    /// <summary>
    /// Each statement sees what was committed before it began, and waits for rows that are being changed: tasks that a job's own
    /// transaction queues are there when that job could be moved. Deleted videos stay; of them only the receipt is seen again.
    /// </summary>
    private static async Task MoveWork(NpgsqlConnection connection, Guid guestId, Guid memberId)
    {
        var videos = await connection.Read(
            "update video set account_id = $2 where account_id = $1 and state <> 'deleted' returning video_id",
            [guestId, memberId],
            row => row.GetGuid(0));
        // In the order in which those are locked that change together.
        var jobs = await connection.Read(
            """
            with locked as materialized (select job_id from caption_job where account_id = $1 order by job_id for update)
            update caption_job j set account_id = $2 from locked where j.job_id = locked.job_id returning j.job_id
            """,
            [guestId, memberId],
            row => row.GetGuid(0));
        await connection.Execute(
            "update task set account_id = $2 where job_id = any ($1) or (kind = 'probe' and video_id = any ($3))",
            [jobs.ToArray(), memberId, videos.ToArray()]);
        await TaskTable.ShareOut(connection, memberId);
        // After the videos: one that is deleted at the same moment has its receipt by now.
        await DeletionReceipts.Move(connection, guestId, memberId);
        await connection.Execute("delete from job_quote where account_id = $1", [guestId]);
    }

    /// <summary>Open holds and grants move as they are, also those whose time is over: they end at the member. Ended ones stay.</summary>
    private async Task MoveCredits(NpgsqlConnection connection, Guid guestId, Guid memberId)
    {
        var balances = await connection.Read(
            "select account_id, seq, available, reserved from credit_account where account_id in ($1, $2) order by account_id for update",
            [guestId, memberId],
            row => new Balance(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)));
        var guest = balances.Single(balance => balance.AccountId == guestId);
        var member = balances.Single(balance => balance.AccountId == memberId);
        if (guest.Total + member.Total > CreditAccount.MaximumCredits)
        {
            throw new InvalidOperationException($"Account {memberId} cannot carry the credits of guest {guestId} too.");
        }

        var transfers = await connection.Read(
            "update credit_hold set account_id = $2 where account_id = $1 and state = 'open' returning hold_id, amount",
            [guestId, memberId],
            row => new Transfer(row.GetGuid(0), row.GetInt64(1)));
        await connection.Execute(
            "update credit_grant set account_id = $2 where account_id = $1 and is_open", [guestId, memberId]);

        // The last transfer is written even over nothing: it moves the guest's fence, so that no operation which was decided
        // before can be written after it.
        transfers.Add(new Transfer(HoldId: null, guest.Available));
        await Write(connection, CreditEntryKind.TransferOut, guest, memberId, guestId, transfers);
        await Write(connection, CreditEntryKind.TransferIn, member, guestId, guestId, transfers);
    }

    private async Task Write(
        NpgsqlConnection connection, CreditEntryKind kind, Balance balance, Guid otherId, Guid guestId, IReadOnlyList<Transfer> transfers)
    {
        const string Sql = """
            with entries as (
                insert into credit_entry
                    (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash,
                     reason, at, other_account_id)
                select $1, e.seq, e.op_id, $2, e.hold_id, e.amount, e.available_after, e.reserved_after, e.request_hash, $3, $4, $5
                from unnest($6::bigint[], $7::uuid[], $8::uuid[], $9::bigint[], $10::bigint[], $11::bigint[], $12::bytea[])
                    as e (seq, op_id, hold_id, amount, available_after, reserved_after, request_hash))
            update credit_account set seq = $13, available = $14, reserved = $15 where account_id = $1
            """;
        var (direction, reason) = kind == CreditEntryKind.TransferOut
            ? ("adopt-out", "The guest became a member.")
            : ("adopt-in", "Came from the guest who became this member.");
        var operations = transfers.Select(transfer => new CreditOperation(
            DerivedId.From(guestId, transfer.HoldId is { } holdId ? $"{direction} {holdId}" : direction),
            kind, transfer.HoldId, transfer.Amount, ExpiresAt: null, reason)).ToList();
        var steps = new List<Balance>();
        foreach (var transfer in transfers)
        {
            balance = balance.After(kind, transfer);
            steps.Add(balance);
        }

        await connection.Execute(
            Sql,
            [
                balance.AccountId, StoredName.Of(kind), reason, time.UtcNow(), otherId,
                steps.Select(step => step.Seq).ToArray(), operations.Select(operation => operation.OpId).ToArray(),
                transfers.Select(transfer => transfer.HoldId).ToArray(), transfers.Select(transfer => transfer.Amount).ToArray(),
                steps.Select(step => step.Available).ToArray(), steps.Select(step => step.Reserved).ToArray(),
                operations.Select(operation => operation.RequestHash()).ToArray(),
                balance.Seq, balance.Available, balance.Reserved,
            ]);
    }

    /// <summary>Credits on their way: an open hold, or what is available.</summary>
    private sealed record Transfer(Guid? HoldId, long Amount);

    private sealed record Balance(Guid AccountId, long Seq, long Available, long Reserved)
    {
        public long Total => Available + Reserved;

        public Balance After(CreditEntryKind kind, Transfer transfer)
        {
            var moved = kind == CreditEntryKind.TransferIn ? transfer.Amount : -transfer.Amount;
            return transfer.HoldId is null
                ? this with { Seq = Seq + 1, Available = Available + moved }
                : this with { Seq = Seq + 1, Reserved = Reserved + moved };
        }
    }
}
