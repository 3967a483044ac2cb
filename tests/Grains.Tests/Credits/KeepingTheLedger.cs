using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Tests.Cluster;
using Npgsql;

namespace AX2Caption.Grains.Tests.Credits;

[Collection<CreditCluster>]
public sealed class KeepingTheLedger(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    private readonly Guid hold = Guid.CreateVersion7();

    private DateTimeOffset Tomorrow => Service.Clock.GetUtcNow().AddDays(1);

    [Fact]
    public async Task An_operation_said_twice_gets_its_first_answer_and_is_written_once()
    {
        var credits = Service.Credits(await Service.NewGuest());
        var command = new ReserveCredits(Guid.CreateVersion7(), hold, 10, Tomorrow, "A test.");

        var first = await credits.Reserve(command);
        await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 5, "Between."));
        var second = await credits.Reserve(command with { ExpiresAt = Tomorrow.AddHours(1), Reason = "Said again." });

        Assert.Equal(Assert.IsType<CreditResult.Applied>(first), second);
        Assert.Single(await Service.Ledger(credits.GetPrimaryKey()), entry => entry.OpId == command.OpId);
    }

    [Fact]
    public async Task Another_request_under_the_same_id_is_a_conflict()
    {
        var accountId = await Service.NewGuest();
        var credits = Service.Credits(accountId);
        var opId = Guid.CreateVersion7();
        await credits.Reserve(new ReserveCredits(opId, hold, 10, Tomorrow, "A test."));

        Assert.Equal(new CreditResult.Conflict(opId), await credits.Reserve(new ReserveCredits(opId, hold, 11, Tomorrow, "A test.")));
        Assert.Equal(new CreditResult.Conflict(opId), await credits.Grant(new GrantCredits(opId, 10, "A test.")));
        Assert.Equal(new CreditResult.Conflict(opId), await credits.Release(new ReleaseHold(opId, hold, "A test.")));
        Assert.Equal(new CreditBalance(Grant - 10, 10), await Service.Balance(accountId));
    }

    [Fact]
    public async Task More_than_is_there_is_refused_and_nothing_is_written()
    {
        var accountId = await Service.NewGuest();

        var refused = await Service.Credits(accountId).Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, Grant + 1, Tomorrow, "A test."));

        Assert.Equal(new CreditResult.InsufficientCredits(Grant + 1, Grant), refused);
        Assert.Single(await Service.Ledger(accountId));
    }

    [Fact]
    public async Task A_refused_operation_may_succeed_under_the_same_id_later()
    {
        var credits = Service.Credits(await Service.NewGuest());
        var command = new ReserveCredits(Guid.CreateVersion7(), hold, Grant + 1, Tomorrow, "A test.");
        Assert.IsType<CreditResult.InsufficientCredits>(await credits.Reserve(command));

        await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "Just enough."));

        Assert.IsType<CreditResult.Applied>(await credits.Reserve(command));
    }

    [Fact]
    public async Task Settling_less_than_the_hold_returns_the_rest()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);

        var settled = Assert.IsType<CreditResult.Applied>(
            await Service.Credits(accountId).Settle(new SettleHold(Guid.CreateVersion7(), hold, 4, "A test.")));

        Assert.Equal(CreditHoldState.Settled, settled.Hold!.State);
        Assert.Equal(new CreditBalance(Grant - 4, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task A_released_hold_cannot_be_settled()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        await credits.Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test."));

        var refused = Assert.IsType<CreditResult.HoldNotOpen>(await credits.Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test.")));

        Assert.Equal(CreditHoldState.Released, refused.Hold.State);
    }

    [Fact]
    public async Task A_settled_hold_cannot_be_released()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        await credits.Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test."));

        var refused = Assert.IsType<CreditResult.HoldNotOpen>(await credits.Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test.")));

        Assert.Equal(CreditHoldState.Settled, refused.Hold.State);
    }

    [Fact]
    public async Task A_hold_whose_time_is_over_cannot_be_settled_but_returns()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);
        Service.Clock.Advance(TimeSpan.FromDays(1));

        var refused = Assert.IsType<CreditResult.HoldNotOpen>(
            await Service.Credits(accountId).Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test.")));

        Assert.Equal(CreditHoldState.Expired, refused.Hold.State);
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task An_overdue_hold_returns_before_the_next_decision()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, Grant);
        Service.Clock.Advance(TimeSpan.FromDays(1));

        Assert.IsType<CreditResult.Applied>(await Service.Credits(accountId).Reserve(
            new ReserveCredits(Guid.CreateVersion7(), Guid.CreateVersion7(), Grant, Tomorrow, "A test.")));

        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.Reserve, CreditEntryKind.Expire, CreditEntryKind.Reserve],
            (await Service.Ledger(accountId)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task An_overdue_hold_in_an_account_that_nobody_wakes_is_swept_once()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);
        Assert.Equal(0, await Service.Sweep<DueCreditSweep>());
        Service.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await Service.Sweep<DueCreditSweep>());
        Assert.Equal(0, await Service.Sweep<DueCreditSweep>());

        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task The_database_refuses_a_second_end_of_a_hold()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);
        await Service.Credits(accountId).Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test."));

        var fault = await Assert.ThrowsAsync<PostgresException>(() => Service.Execute(
            """
            insert into credit_entry (account_id, seq, op_id, kind, hold_id, amount, available_after, reserved_after, request_hash, reason, at)
            select account_id, seq + 1, gen_random_uuid(), 'release', hold_id, 10, 30, 0, request_hash, 'Twice.', at
            from credit_entry where account_id = $1 and kind = 'settle'
            """,
            accountId));

        Assert.Equal("credit_entry_hold_ends_once", fault.ConstraintName);
    }

    [Fact]
    public async Task An_account_that_does_not_exist_has_no_credits_and_takes_no_operation()
    {
        var credits = Service.Credits(Guid.CreateVersion7());

        Assert.IsType<CreditResult.AccountNotFound>(await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "A test.")));
        Assert.Equal(new CreditBalance(0, 0), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task The_ledger_is_read_in_pages_from_the_newest_entry_down()
    {
        var credits = Service.Credits(await Service.NewGuest());
        for (var i = 0; i < 4; i++)
            await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "A test."));

        var first = await credits.ListEntries(before: null, limit: 3, Ct);
        var second = await credits.ListEntries(first.Next, limit: 3, Ct);

        Assert.Equal([5, 4, 3], first.Entries.Select(entry => entry.Seq));
        Assert.Equal([2, 1], second.Entries.Select(entry => entry.Seq));
        Assert.Null(second.Next);
    }

    private async Task Reserve(Guid accountId, long amount) => Assert.IsType<CreditResult.Applied>(
        await Service.Credits(accountId).Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, amount, Tomorrow, "A test.")));
}
