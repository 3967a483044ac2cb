-- Who owns videos, jobs and credits.

create table account (
    account_id uuid        not null constraint account_pk primary key,
    kind       text        not null constraint account_kind check (kind in ('guest', 'member')),
    created_at timestamptz not null
);
