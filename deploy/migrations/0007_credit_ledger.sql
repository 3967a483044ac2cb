-- The whole ledger: grants that lapse, longer holds, refunds, adjustments by operators, guests who become members, quotes.

-- A guest who became a member: all that was the guest's is the member's now, and the guest's account is closed.
alter table account
    add column merged_into uuid constraint account_merged_into references account,
    add constraint account_merged_guest check (merged_into is null or kind = 'guest');
create index account_merged on account (merged_into) where merged_into is not null;

-- Guests by the network they came from. Rows are kept for as long as they count, a day, and then deleted.
create table guest_admission (
    account_id  uuid        not null constraint guest_admission_pk primary key
                            constraint guest_admission_account references account,
    network     text        not null constraint guest_admission_network check (length(network) between 1 and 64),
    admitted_at timestamptz not null
);
create index guest_admission_of_network on guest_admission (network, admitted_at);
create index guest_admission_age on guest_admission (admitted_at);

alter table credit_entry
    add column source     text,
    add column expires_at timestamptz,
    add column grant_id   uuid,
    add column other_account_id uuid,
    add column actor      text constraint credit_entry_actor check (length(actor) between 1 and 100),
    drop constraint credit_entry_kind,
    add constraint credit_entry_kind check (kind in (
        'grant', 'reserve', 'settle', 'release', 'expire', 'extend', 'refund', 'adjust', 'lapse', 'transfer_out', 'transfer_in')),
    add constraint credit_entry_source check (source in ('welcome', 'purchase', 'promotion', 'operator')),
    drop constraint credit_entry_amount,
    add constraint credit_entry_amount check (amount >= 0 or kind = 'adjust'),
    drop constraint credit_entry_hold,
    add constraint credit_entry_hold check (case
        when kind in ('reserve', 'extend', 'settle', 'release', 'expire', 'refund') then hold_id is not null
        when kind in ('transfer_out', 'transfer_in') then true
        else hold_id is null end),
    add constraint credit_entry_grant check ((kind = 'lapse') = (grant_id is not null)),
    add constraint credit_entry_other_account check ((kind in ('transfer_out', 'transfer_in')) = (other_account_id is not null)),
    add constraint credit_entry_actor_acts check (actor is null or kind in ('grant', 'adjust', 'refund'));

-- What an account spent on a job, and how much of it came back.
create index credit_entry_refund on credit_entry (account_id, hold_id) where kind = 'refund';
-- History by kind: the everyday kinds are dense enough to be found along the primary key.
create index credit_entry_rare_kind on credit_entry (account_id, kind, seq) where kind not in ('reserve', 'settle', 'release');

-- The parts of a hold that came out of grants which lapse: [{"grantId", "amount", "expiresAt"}]; null for none.
alter table credit_hold add column shares jsonb;

-- One index finds an account's open holds and, among them, the one that is to end; a hold opens once by its primary key.
drop index credit_hold_open_of_account;
create index credit_hold_open_of_account on credit_hold (account_id, hold_id) where state = 'open';
drop index credit_entry_hold_opens_once;

-- The statement that writes entries and holds takes their account from the row whose seq it has just moved, and accounts
-- are never deleted: looking the account up again for every row would be a fifth of the statement's cost.
alter table credit_entry drop constraint credit_entry_account;
alter table credit_hold drop constraint credit_hold_account;

-- What is left of grants that lapse. Grants without an end need no row: they are the rest of the account's available credits.
create table credit_grant (
    account_id uuid        not null constraint credit_grant_account references credit_account,
    grant_id   uuid        not null, -- the op_id of the grant's entry
    remaining  bigint      not null constraint credit_grant_remaining check (remaining >= 0),
    is_open    boolean     not null constraint credit_grant_open check (is_open = (remaining > 0)),
    expires_at timestamptz not null,
    constraint credit_grant_pk primary key (account_id, grant_id)
) with (fillfactor = 50);
create index credit_grant_due on credit_grant (expires_at) where is_open;
create index credit_grant_open_of_account on credit_grant (account_id) where is_open;

-- Prices that were promised. A row is deleted some time after the promise ended.
create table job_quote (
    quote_id    uuid        not null constraint job_quote_pk primary key,
    account_id  uuid        not null constraint job_quote_account references account,
    video_id    uuid        not null constraint job_quote_video references video,
    language    text        not null,
    profile     text        not null,
    price       bigint      not null constraint job_quote_price check (price > 0),
    expires_at  timestamptz not null
);
create index job_quote_age on job_quote (expires_at);
create index job_quote_of_account on job_quote (account_id);
