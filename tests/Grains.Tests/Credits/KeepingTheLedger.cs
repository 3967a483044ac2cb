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

    [Fact]
    public async Task An_operation_said_again_months_later_gets_its_first_answer()
    {
        var credits = Service.Credits(await Service.NewGuest());
        var commands = (
            Grant: new GrantCredits(Guid.CreateVersion7(), 5, "A test.", GrantSource.Purchase),
            Reserve: new ReserveCredits(Guid.CreateVersion7(), hold, 10, Tomorrow, "A test."),
            Settle: new SettleHold(Guid.CreateVersion7(), hold, 7, "A test."),
            Refund: new RefundCredits(Guid.CreateVersion7(), hold, null, "A test.", "ada"));
        var first = new[]
        {
            await credits.Grant(commands.Grant), await credits.Reserve(commands.Reserve), await credits.Settle(commands.Settle),
            await credits.Refund(commands.Refund),
        };
        Service.Clock.Advance(TimeSpan.FromDays(100));

        var again = new[]
        {
            await credits.Grant(commands.Grant), await credits.Reserve(commands.Reserve), await credits.Settle(commands.Settle),
            await credits.Refund(commands.Refund),
        };

        Assert.Equal(
            first.Select(result => Assert.IsType<CreditResult.Applied>(result).Entry), again.Select(result => Assert.IsType<CreditResult.Applied>(result).Entry));
        Assert.Equal(5, (await Service.Ledger(credits.GetPrimaryKey())).Count);
    }

    [Fact]
    public async Task A_settled_hold_is_refunded_in_parts_and_never_beyond_what_it_spent()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        await credits.Settle(new SettleHold(Guid.CreateVersion7(), hold, 7, "A test."));

        var part = Assert.IsType<CreditResult.Applied>(await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, 3, "Bad captions.", "ada")));
        Assert.Equal(new CreditResult.InvalidAmount(5), await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, 5, "Too much.", "ada")));
        var rest = Assert.IsType<CreditResult.Applied>(await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, null, "All of it.", "ada")));

        Assert.Equal((3, 4, "ada"), (part.Entry.Amount, rest.Entry.Amount, rest.Entry.Actor));
        Assert.Equal(new CreditResult.InvalidAmount(0), await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, null, "More.", "ada")));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task Refunds_at_once_from_everywhere_never_give_back_more_than_was_spent()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);
        await Service.Credits(accountId).Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test."));

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => Service.From(silo: i).GetGrain<IUserCreditGrain>(accountId)
            .Refund(new RefundCredits(Guid.CreateVersion7(), hold, 1, "A test.", "ada"))));

        Assert.Equal(10, results.Count(result => result is CreditResult.Applied));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }

    [Fact]
    public async Task A_hold_that_was_not_settled_is_not_refunded()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);

        Assert.IsType<CreditResult.HoldNotSettled>(await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, 1, "A test.", "ada")));
        await credits.Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test."));
        Assert.IsType<CreditResult.HoldNotSettled>(await credits.Refund(new RefundCredits(Guid.CreateVersion7(), hold, 1, "A test.", "ada")));
        Assert.IsType<CreditResult.HoldNotFound>(await credits.Refund(new RefundCredits(Guid.CreateVersion7(), Guid.CreateVersion7(), 1, "A test.", "ada")));
    }

    [Fact]
    public async Task An_adjustment_names_its_actor_and_cannot_take_more_than_is_available()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);

        var taken = Assert.IsType<CreditResult.Applied>(await credits.Adjust(new AdjustCredits(Guid.CreateVersion7(), -20, "A mistake.", "ada")));

        Assert.Equal((CreditEntryKind.Adjust, -20, "ada"), (taken.Entry.Kind, taken.Entry.Amount, taken.Entry.Actor));
        Assert.Equal(
            new CreditResult.InsufficientCredits(1, 0), await credits.Adjust(new AdjustCredits(Guid.CreateVersion7(), -1, "Too much.", "ada")));
        Assert.Equal(new CreditBalance(0, 10), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task An_extended_hold_lives_until_its_new_end_and_not_longer()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        var end = Tomorrow.AddHours(5);

        var extended = Assert.IsType<CreditResult.Applied>(await credits.Extend(new ExtendHold(Guid.CreateVersion7(), hold, end, "A test.")));

        Assert.Equal(end, extended.Hold!.ExpiresAt);
        Service.Clock.Advance(TimeSpan.FromHours(28));
        Assert.Equal(0, await Service.Sweep<DueCreditSweep>());
        Service.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, await Service.Sweep<DueCreditSweep>());
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task What_is_left_of_a_grant_lapses_at_its_end_and_held_credits_of_it_lapse_when_they_return()
    {
        var accountId = await Service.NewGuest();
        var credits = Service.Credits(accountId);
        var grant = new GrantCredits(Guid.CreateVersion7(), 8, "A campaign.", GrantSource.Promotion, Tomorrow);
        await credits.Grant(grant);
        await credits.Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, 5, Tomorrow.AddDays(1), "A test."));
        Assert.Equal([new ExpiringGrant(grant.OpId, 3, Tomorrow)], (await credits.GetOverview(Ct)).ExpiringGrants);
        Service.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(1, await Service.Sweep<DueCreditSweep>());
        await credits.Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test."));

        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
        var lapses = (await Service.Ledger(accountId)).Where(entry => entry.Kind == CreditEntryKind.Lapse).ToList();
        Assert.Equal([3, 5], lapses.Select(entry => entry.Amount));
        Assert.All(lapses, entry => Assert.Equal(grant.OpId, entry.GrantId));
    }

    [Fact]
    public async Task Settling_spends_first_what_lapses_first()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 8, "A campaign.", GrantSource.Promotion, Tomorrow));
        await Reserve(credits.GetPrimaryKey(), 10);
        await credits.Settle(new SettleHold(Guid.CreateVersion7(), hold, 8, "A test."));

        Assert.Empty((await credits.GetOverview(Ct)).ExpiringGrants);
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task An_overdue_hold_ends_by_the_grains_own_timer()
    {
        var accountId = await Service.NewGuest();
        await Service.Credits(accountId).Reserve(new ReserveCredits(
            Guid.CreateVersion7(), hold, 10, Service.Clock.GetUtcNow().AddMilliseconds(200), "A test."));
        Service.Clock.Advance(TimeSpan.FromSeconds(1));

        // Nobody asks the grain anything, and no sweep runs here.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await Service.Value<string>("select state from credit_hold where hold_id = $1", hold) != "expired")
            await poll.WaitForNextTickAsync(limit.Token);
    }

    [Fact]
    public async Task An_operation_that_the_database_refuses_fails_alone()
    {
        var credits = Service.Credits(await Service.NewGuest());
        var good = Enumerable.Range(0, 10).Select(_ => credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "Fine."))).ToList();
        var bad = credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "Ends\0here."));
        var more = Enumerable.Range(0, 10).Select(_ => credits.Grant(new GrantCredits(Guid.CreateVersion7(), 1, "Fine."))).ToList();

        await Assert.ThrowsAsync<InvalidOperationException>(() => bad);
        Assert.All(await Task.WhenAll(good.Concat(more)), result => Assert.IsType<CreditResult.Applied>(result));
        Assert.Equal(new CreditBalance(Grant + 20, 0), await Service.Balance(credits.GetPrimaryKey()));
    }

    [Fact]
    public async Task A_hold_that_has_ended_cannot_be_opened_again_under_another_operation()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        await credits.Release(new ReleaseHold(Guid.CreateVersion7(), hold, "A test."));

        var refused = await credits.Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, 10, Tomorrow, "A test."));

        Assert.Equal(CreditHoldState.Released, Assert.IsType<CreditResult.HoldNotOpen>(refused).Hold.State);
    }

    [Fact]
    public async Task The_database_refuses_a_second_opening_of_a_hold()
    {
        var accountId = await Service.NewGuest();
        await Reserve(accountId, 10);

        var fault = await Assert.ThrowsAsync<PostgresException>(() => Service.Execute(
            "insert into credit_hold (account_id, hold_id, amount, state, expires_at) values ($1, $2, 1, 'open', now())", accountId, hold));

        Assert.Equal("credit_hold_pk", fault.ConstraintName);
    }

    [Fact]
    public async Task The_ledger_is_filtered_by_kind_and_time()
    {
        var credits = Service.Credits(await Service.NewGuest());
        await Reserve(credits.GetPrimaryKey(), 10);
        Service.Clock.Advance(TimeSpan.FromHours(1));
        var hourLater = Service.Clock.GetUtcNow();
        await credits.Settle(new SettleHold(Guid.CreateVersion7(), hold, 10, "A test."));
        await credits.Grant(new GrantCredits(Guid.CreateVersion7(), 5, "A test."));

        Assert.Equal([4, 1], await Seqs(new(Before: null, Limit: 10, [CreditEntryKind.Grant])));
        Assert.Equal([3, 2], await Seqs(new(Before: null, Limit: 10, [CreditEntryKind.Reserve, CreditEntryKind.Settle])));
        Assert.Equal([1], await Seqs(new(Before: 4, Limit: 10, [CreditEntryKind.Grant])));
        Assert.Equal([4, 3], await Seqs(new(Before: null, Limit: 10, From: hourLater)));
        Assert.Equal([2, 1], await Seqs(new(Before: null, Limit: 10, Until: hourLater)));
        Assert.Equal([4], await Seqs(new(Before: null, Limit: 10, [CreditEntryKind.Grant], From: hourLater)));
        Assert.Equal([4, 3, 2, 1], await Seqs(new(Before: null, Limit: 10, Kinds: [])));

        async Task<IEnumerable<long>> Seqs(CreditEntryQuery query) =>
            (await credits.QueryEntries(query, Ct)).Entries.Select(entry => entry.Seq);
    }

    [Fact]
    public async Task The_overview_shows_what_is_open_and_when_it_ends()
    {
        var credits = Service.Credits(await Service.NewGuest());
        var later = Guid.CreateVersion7();
        await credits.Reserve(new ReserveCredits(Guid.CreateVersion7(), later, 2, Tomorrow.AddHours(1), "A test."));
        await Reserve(credits.GetPrimaryKey(), 3);

        var overview = await credits.GetOverview(Ct);

        Assert.Equal(new CreditBalance(Grant - 5, 5), overview.Balance);
        Assert.Equal(
            [new CreditHold(hold, 3, CreditHoldState.Open, Tomorrow), new CreditHold(later, 2, CreditHoldState.Open, Tomorrow.AddHours(1))],
            overview.OpenHolds);
        Assert.Empty(overview.ExpiringGrants);
    }

    private async Task Reserve(Guid accountId, long amount) => Assert.IsType<CreditResult.Applied>(
        await Service.Credits(accountId).Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, amount, Tomorrow, "A test.")));
}
