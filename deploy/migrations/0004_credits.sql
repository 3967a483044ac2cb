-- The credit ledger. An account's row is the fence: whoever writes an entry moves seq by compare-and-set, so two
-- activations of one grain can never both win. Entries are never changed or deleted.

create table credit_account (
    account_id uuid   not null constraint credit_account_pk primary key
                      constraint credit_account_owner references account,
    seq        bigint not null default 0 constraint credit_account_seq check (seq >= 0),
    available  bigint not null default 0 constraint credit_account_available check (available >= 0),
    reserved   bigint not null default 0 constraint credit_account_reserved check (reserved >= 0)
) with (fillfactor = 50); -- room for heap-only updates: this row changes with every operation

create table credit_hold (
    account_id uuid        not null constraint credit_hold_account references credit_account,
    hold_id    uuid        not null,
    amount     bigint      not null constraint credit_hold_amount check (amount > 0),
    state      text        not null constraint credit_hold_state check (state in ('open', 'settled', 'released', 'expired')),
    expires_at timestamptz not null,
    constraint credit_hold_pk primary key (account_id, hold_id)
);

-- The sweep looks for holds whose time is over; the grain loads its open ones.
create index credit_hold_open on credit_hold (expires_at) where state = 'open';
create index credit_hold_open_of_account on credit_hold (account_id) where state = 'open';

create table credit_entry (
    account_id      uuid        not null constraint credit_entry_account references credit_account,
    seq             bigint      not null,
    op_id           uuid        not null,
    kind            text        not null constraint credit_entry_kind
                                check (kind in ('grant', 'reserve', 'settle', 'release', 'expire')),
    hold_id         uuid,
    amount          bigint      not null constraint credit_entry_amount check (amount >= 0),
    available_after bigint      not null constraint credit_entry_available check (available_after >= 0),
    reserved_after  bigint      not null constraint credit_entry_reserved check (reserved_after >= 0),
    request_hash    bytea       not null constraint credit_entry_request_hash check (length(request_hash) = 32),
    reason          text        not null constraint credit_entry_reason check (length(reason) <= 200),
    at              timestamptz not null,
    constraint credit_entry_pk primary key (account_id, seq),
    constraint credit_entry_op unique (account_id, op_id),
    constraint credit_entry_hold check ((kind = 'grant') = (hold_id is null))
);

-- A hold opens once and ends once, whatever the code believes.
create unique index credit_entry_hold_opens_once on credit_entry (account_id, hold_id) where kind = 'reserve';
create unique index credit_entry_hold_ends_once on credit_entry (account_id, hold_id) where kind in ('settle', 'release', 'expire');
