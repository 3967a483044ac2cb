namespace AX2Caption.Grains.Auditing;

/// <summary>
/// What must hold of the ledger. Each rule takes the accounts to look at as <c>$1</c>, null for all, and as <c>$2</c> how many of an
/// account's last entries are read: an account that is looked at often need not be read from its beginning each time.
/// </summary>
internal static class LedgerRules
{
    private const string Accounts = "(select * from credit_account where $1::uuid[] is null or account_id = any($1))";

    private const string Entries = $"""
        (select e.* from credit_entry e join {Accounts} a on a.account_id = e.account_id where e.seq > a.seq - $2::bigint)
        """;

    /// <summary>Accounts with the one that owns what is theirs by now: a guest's is the member's that it became.</summary>
    private const string Owners = "(select account_id, coalesce(merged_into, account_id) as owner_id from account)";

    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new("ledger_without_gap", $"""
            select a.account_id::text,
                   format('seq %s, of the last %s entries %s, the highest %s', a.seq, least(a.seq, $2), count(e.seq), coalesce(max(e.seq), 0))
            from {Accounts} a left join credit_entry e on e.account_id = a.account_id and e.seq > a.seq - $2::bigint
            group by a.account_id, a.seq
            having count(e.seq) <> least(a.seq, $2::bigint) or coalesce(max(e.seq), 0) <> a.seq
            """),
        new("ledger_has_account", """
            select e.account_id::text, 'has entries and no account'
            from (select account_id from credit_entry where $1::uuid[] is null group by account_id
                  union all
                  select account_id from unnest($1::uuid[]) given (account_id) where exists (select from credit_entry c where c.account_id = given.account_id)) e
            where not exists (select from credit_account a where a.account_id = e.account_id) and $2::bigint > 0
            """),
        new("ledger_ends_at_balance", $"""
            select a.account_id::text, format('account %s/%s, last entry %s/%s', a.available, a.reserved, e.available_after, e.reserved_after)
            from {Accounts} a join credit_entry e on e.account_id = a.account_id and e.seq = a.seq
            where (a.available, a.reserved) is distinct from (e.available_after, e.reserved_after) and $2::bigint > 0
            """),
        new("ledger_adds_up", $"""
            select e.account_id::text, format('entry %s of kind %s does not follow from entry %s', e.seq, e.kind, e.seq - 1)
            from (select *,
                         available_after - lag(available_after, 1, case seq when 1 then 0::bigint end) over w as available_moved,
                         reserved_after - lag(reserved_after, 1, case seq when 1 then 0::bigint end) over w as reserved_moved
                  from {Entries} all_of_them window w as (partition by account_id order by seq)) e
            left join credit_hold h on e.kind = 'settle' and h.account_id = e.account_id and h.hold_id = e.hold_id
            where available_moved is not null
              and (available_moved, reserved_moved) is distinct from (case
                when e.kind in ('grant', 'refund', 'adjust') then (e.amount, 0::bigint)
                when e.kind = 'lapse' then (-e.amount, 0::bigint)
                when e.kind = 'extend' then (0::bigint, 0::bigint)
                when e.kind = 'reserve' then (-e.amount, e.amount)
                when e.kind = 'settle' then (h.amount - e.amount, -h.amount)
                when e.kind in ('release', 'expire') then (e.amount, -e.amount)
                when e.kind = 'transfer_out' and e.hold_id is null then (-e.amount, 0::bigint)
                when e.kind = 'transfer_out' then (0::bigint, -e.amount)
                when e.kind = 'transfer_in' and e.hold_id is null then (e.amount, 0::bigint)
                else (0::bigint, e.amount) end)
            """),
        new("reserved_is_open_holds", $"""
            select a.account_id::text, format('reserved %s, open holds %s', a.reserved, coalesce(sum(h.amount), 0))
            from {Accounts} a left join credit_hold h on h.account_id = a.account_id and h.state = 'open'
            where $2::bigint > 0
            group by a.account_id, a.reserved
            having a.reserved <> coalesce(sum(h.amount), 0)
            """),
        new("lapsing_is_available", $"""
            select a.account_id::text, format('available %s, of it lapsing %s', a.available, sum(g.remaining))
            from {Accounts} a join credit_grant g on g.account_id = a.account_id and g.is_open
            where $2::bigint > 0
            group by a.account_id, a.available
            having sum(g.remaining) > a.available
            """),
        new("hold_ends_once", $"""
            select h.hold_id::text, format('%s with %s ending entries', h.state, count(e.seq))
            from (select account_id, hold_id from credit_hold where $1::uuid[] is null and $2::bigint > 0
                  union
                  select r.account_id, r.hold_id from {Entries} r where $1::uuid[] is not null and r.hold_id is not null) looked_at
            join credit_hold h using (account_id, hold_id)
            left join credit_entry e on e.account_id = h.account_id and e.hold_id = h.hold_id and e.kind in ('settle', 'release', 'expire')
            group by h.account_id, h.hold_id, h.state
            having count(e.seq) <> case h.state when 'open' then 0 else 1 end
               or max(case e.kind when 'settle' then 'settled' when 'release' then 'released' when 'expire' then 'expired' end) <> h.state
            """),
        new("entry_has_hold", $"""
            select e.account_id::text, format('entry %s of kind %s names hold %s, which is not there', e.seq, e.kind, e.hold_id)
            from {Entries} e join {Owners} o on o.account_id = e.account_id
            where e.hold_id is not null
              and not exists (select from credit_hold h where h.account_id = e.account_id and h.hold_id = e.hold_id)
              and not exists (select from credit_hold h where h.account_id = o.owner_id and h.hold_id = e.hold_id)
              and not (e.kind = 'refund' and exists (
                select from account guest join credit_hold h on h.account_id = guest.account_id
                where guest.merged_into = e.account_id and h.hold_id = e.hold_id))
            """),
        new("refunds_within_settlement", $"""
            select r.hold_id::text, format('settled %s, refunded %s', s.settled, r.refunded)
            from (select coalesce(o.merged_into, o.account_id) as owner_id, e.hold_id, sum(e.amount) as refunded
                  from account o join credit_entry e on e.account_id = o.account_id and e.kind = 'refund'
                  where $2::bigint > 0 and ($1::uuid[] is null or o.account_id = any($1) or o.merged_into = any($1))
                  group by 1, 2) r
            cross join lateral (
                select coalesce(max(e.amount), 0) as settled from credit_entry e
                where e.hold_id = r.hold_id and e.kind = 'settle'
                  and e.account_id in (select r.owner_id union all select account_id from account where merged_into = r.owner_id)) s
            where r.refunded > s.settled
            """),
        new("transfer_has_two_sides", $"""
            select e.account_id::text, format('entry %s of kind %s has no counterpart in %s', e.seq, e.kind, e.other_account_id)
            from {Entries} e
            where e.kind in ('transfer_out', 'transfer_in')
              and not exists (
                select from credit_entry c
                where c.account_id = e.other_account_id and c.other_account_id = e.account_id and c.amount = e.amount
                  and c.hold_id is not distinct from e.hold_id
                  and c.kind = case e.kind when 'transfer_out' then 'transfer_in' else 'transfer_out' end)
            """),
        new("closed_guest_is_empty", $"""
            select a.account_id::text, format('became %s and still has %s/%s', account.merged_into, a.available, a.reserved)
            from {Accounts} a join account on account.account_id = a.account_id
            where account.merged_into is not null and (a.available, a.reserved) <> (0, 0) and $2::bigint > 0
            """),
    ];
}
