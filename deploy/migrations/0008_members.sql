-- Members: who they are, how they sign in, what they are sent by mail, and what is kept to know who did what.

-- An account that was deleted: nothing personal is left of it, and its ledger stays. What its jobs and videos left is
-- purged at once, or by the sweep if a crash came between.
alter table account
    add column closed_at timestamptz,
    add column purged_at timestamptz constraint account_purged check (purged_at is null or closed_at is not null);
create index account_to_purge on account (closed_at) where closed_at is not null and purged_at is null;

-- What is personal about a member. The row goes when the account is deleted.
create table member (
    account_id          uuid        not null constraint member_pk primary key
                                    constraint member_account references account,
    email               text        not null constraint member_email_length check (length(email) between 3 and 254),
    email_key           text        not null constraint member_email unique, -- SHA-256 of the address in its normal form
    name                text        constraint member_name check (length(name) between 1 and 100),
    language            text        not null constraint member_language check (language in ('en', 'ko')),
    password_hash       text        not null constraint member_password_hash check (length(password_hash) = 60), -- bcrypt
    password_changed_at timestamptz not null,
    password_call       uuid, -- the call that changed it last, whose repetition is answered alike
    role                text        not null constraint member_role check (role in ('user', 'admin')),
    changed_at          timestamptz not null
);

-- Somebody who wants to be a member and has not yet shown that the address is theirs. Deleted when the time is over.
create table registration (
    registration_id uuid        not null constraint registration_pk primary key,
    email           text        not null constraint registration_email_length check (length(email) between 3 and 254),
    email_key       text        not null,
    name            text        constraint registration_name check (length(name) between 1 and 100),
    language        text        not null constraint registration_language check (language in ('en', 'ko')),
    password_hash   text        not null constraint registration_password_hash check (length(password_hash) = 60),
    guest_id        uuid        constraint registration_guest references account,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    confirmed_at    timestamptz -- the member exists; the grant and the guest's belongings are owed until this row goes
);
create index registration_age on registration (expires_at);
create index registration_owing on registration (confirmed_at) where confirmed_at is not null;
create index registration_of_guest on registration (guest_id) where guest_id is not null;

-- Mails to be sent. The secret of a link is drawn when the mail is sent and is in no row; what was sent is kept for a day, to count it.
create table outgoing_mail (
    mail_id         uuid        not null constraint outgoing_mail_pk primary key,
    kind            text        not null constraint outgoing_mail_kind
                                check (kind in ('confirm_email', 'reset_password', 'password_changed')),
    email           text        not null,
    email_key       text        not null,
    language        text        not null constraint outgoing_mail_language check (language in ('en', 'ko')),
    registration_id uuid,
    queued_at       timestamptz not null,
    attempt         int         not null default 0,
    available_at    timestamptz not null,
    ended_at        timestamptz, -- sent, or given up
    constraint outgoing_mail_registration check ((kind = 'confirm_email') = (registration_id is not null))
);
create index outgoing_mail_due on outgoing_mail (available_at) where ended_at is null;
create index outgoing_mail_of_address on outgoing_mail (email_key, queued_at);
create index outgoing_mail_age on outgoing_mail (ended_at) where ended_at is not null;

-- Links that were mailed. Each does its work once, in the commit that sets used_at.
create table account_link (
    link_hash       bytea       not null constraint account_link_pk primary key constraint account_link_hash check (length(link_hash) = 32),
    purpose         text        not null constraint account_link_purpose check (purpose in ('confirm_email', 'reset_password')),
    registration_id uuid,
    account_id      uuid        constraint account_link_account references account,
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    used_at         timestamptz,
    used_request    text, -- the request that used it, whose repetition is answered alike
    constraint account_link_target check (
        (purpose = 'confirm_email') = (registration_id is not null) and (purpose = 'reset_password') = (account_id is not null))
);
create index account_link_age on account_link (expires_at);
create index account_link_of_account on account_link (account_id) where account_id is not null;

-- One device that is signed in, as guest or member: a family of refresh tokens of which one is good, and its parent for a moment.
create table session (
    session_id      uuid        not null constraint session_pk primary key,
    account_id      uuid        not null constraint session_account references account,
    family_hash     bytea       not null constraint session_family_hash check (length(family_hash) = 32),
    token_hash      bytea       not null constraint session_token_hash check (length(token_hash) = 32),
    parent_hash     bytea       constraint session_parent_hash check (length(parent_hash) = 32),
    nonce           bytea       constraint session_nonce check (length(nonce) = 32), -- with the parent it gives the token again
    rotated_at      timestamptz not null,
    rotated_call    uuid, -- the call that did, whose repetition is answered alike however late it comes
    replayed        boolean     not null default false, -- whether the parent was answered again since rotated_at
    replays_in_row  int         not null default 0 constraint session_replays check (replays_in_row >= 0),
    created_at      timestamptz not null,
    idle_expires_at timestamptz not null,
    expires_at      timestamptz not null,
    ended_at        timestamptz,
    end_reason      text        constraint session_end_reason check (end_reason in (
                                'signed_out', 'signed_out_everywhere', 'token_reused', 'password_changed', 'became_member', 'account_deleted')),
    address         text        not null constraint session_address check (length(address) <= 64),
    device          text        constraint session_device check (length(device) <= 200),
    constraint session_parent check ((parent_hash is null) = (nonce is null)),
    constraint session_ended check ((ended_at is null) = (end_reason is null))
);
create index session_live_of_account on session (account_id, created_at desc) where ended_at is null;
create index session_of_account on session (account_id);
create index session_age on session (least(idle_expires_at, expires_at, ended_at));

-- Wrong passwords by address, whether anybody has that address or not. Rows are kept for as long as they count.
create table sign_in_throttle (
    email_key      text        not null constraint sign_in_throttle_pk primary key,
    failures       int         not null constraint sign_in_throttle_failures check (failures > 0),
    last_failed_at timestamptz not null
);
create index sign_in_throttle_age on sign_in_throttle (last_failed_at);

-- Who did what, when, from where. Never holds a password, a token or a link.
create table audit_event (
    event_id   uuid        not null constraint audit_event_pk primary key, -- UUIDv7
    at         timestamptz not null,
    kind       text        not null constraint audit_event_kind check (length(kind) between 1 and 40),
    account_id uuid, -- whom it is about; no foreign key, since it outlives what it names
    actor_id   uuid, -- the account that did it; null for nobody known, or the command line
    actor      text        not null constraint audit_event_actor check (length(actor) between 1 and 100),
    address    text        constraint audit_event_address check (length(address) <= 64),
    device     text        constraint audit_event_device check (length(device) <= 200),
    request_id text        constraint audit_event_request check (length(request_id) <= 64),
    detail     text        constraint audit_event_detail check (length(detail) <= 500)
);
create index audit_event_at on audit_event (at desc, event_id desc);
create index audit_event_of_account on audit_event (account_id, at desc, event_id desc) where account_id is not null;
create index audit_event_of_actor on audit_event (actor_id, at desc, event_id desc) where actor_id is not null;
create index audit_event_of_kind on audit_event (kind, at desc, event_id desc);

-- A deleted video has no name: nobody sees it, and it stays when its owner goes.
update video set file_name = 'deleted' where state = 'deleted';

-- What a deleted account's jobs leave: the row, without output.
alter table caption_job
    add column purged_at timestamptz,
    drop constraint caption_job_succeeded,
    add constraint caption_job_succeeded check (
        case when purged_at is null then (state = 'succeeded') = (output_prefix is not null) else output_prefix is null end),
    add constraint caption_job_purged check (purged_at is null or ended_at is not null);
