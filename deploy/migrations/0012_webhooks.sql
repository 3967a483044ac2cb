-- Webhooks: where a member has events sent, and every event that is or was to be sent.

create table webhook_endpoint (
    endpoint_id      uuid        not null constraint webhook_endpoint_pk primary key,
    account_id       uuid        not null constraint webhook_endpoint_account references account,
    url              text        not null constraint webhook_endpoint_url check (length(url) between 1 and 2048),
    events           text[]      not null constraint webhook_endpoint_events check (
                                 cardinality(events) > 0 and events <@ array['job.started', 'job.succeeded', 'job.failed', 'job.canceled']),
    description      text        constraint webhook_endpoint_description check (length(description) between 1 and 200),
    disabled_because text        constraint webhook_endpoint_disabled check (disabled_because in ('owner', 'gone', 'failing')),
    secret           bytea       not null constraint webhook_endpoint_secret check (length(secret) = 32),
    previous_secret  bytea       constraint webhook_endpoint_previous_secret check (length(previous_secret) = 32),
    previous_until   timestamptz, -- until then the secret before signs too
    failures         int         not null default 0 constraint webhook_endpoint_failures check (failures >= 0), -- in a row
    failing_since    timestamptz,
    next_probe_at    timestamptz, -- while it fails, nothing is sent before this
    served_at        timestamptz, -- when something was last claimed for it: who has waited longest is next
    created_at       timestamptz not null,
    constraint webhook_endpoint_rotation check ((previous_secret is null) = (previous_until is null)),
    constraint webhook_endpoint_failing check ((failures = 0) = (failing_since is null) and (failures > 0 or next_probe_at is null))
);
create index webhook_endpoint_of_account on webhook_endpoint (account_id, created_at desc, endpoint_id desc);

-- One event for one endpoint. The event is inserted in the transaction of what it tells of.
create table webhook_delivery (
    endpoint_id     uuid        not null constraint webhook_delivery_endpoint references webhook_endpoint on delete cascade,
    event_id        uuid        not null, -- the same at all endpoints
    type            text        not null constraint webhook_delivery_type
                                check (type in ('job.started', 'job.succeeded', 'job.failed', 'job.canceled', 'ping')),
    job_id          uuid, -- no foreign key: what was told of a job stays as it was told
    sequence        bigint, -- the job's version: the order of its events
    payload         text        not null, -- signed and sent byte for byte
    state           text        not null constraint webhook_delivery_state check (state in ('pending', 'delivered', 'expired')),
    created_at      timestamptz not null,
    tried_from      timestamptz not null, -- when it was first to be sent: the day in which it is tried begins
    next_attempt_at timestamptz not null,
    attempts        int         not null default 0 constraint webhook_delivery_attempts check (attempts >= 0),
    tries           int         not null default 0 constraint webhook_delivery_tries check (tries >= 0), -- attempts since tried_from
    lease_token     uuid,
    leased_until    timestamptz, -- by the database's clock; whoever holds it sends
    ended_at        timestamptz,
    constraint webhook_delivery_pk primary key (endpoint_id, event_id),
    constraint webhook_delivery_of_job check ((type = 'ping') = (job_id is null) and (job_id is null) = (sequence is null)),
    constraint webhook_delivery_lease check ((lease_token is null) = (leased_until is null) and (lease_token is null or state = 'pending')),
    constraint webhook_delivery_ended check ((state = 'pending') = (ended_at is null))
);
create unique index webhook_delivery_once on webhook_delivery (endpoint_id, job_id, sequence) where job_id is not null;
create index webhook_delivery_due on webhook_delivery (endpoint_id, next_attempt_at) where state = 'pending';
create index webhook_delivery_under_way on webhook_delivery (endpoint_id) where leased_until is not null;
create index webhook_delivery_overdue on webhook_delivery (tried_from) where state = 'pending';
create index webhook_delivery_listed on webhook_delivery (endpoint_id, created_at desc, event_id desc);
create index webhook_delivery_age on webhook_delivery (ended_at) where ended_at is not null;

-- The log of attempts, the last of each delivery.
create table webhook_attempt (
    endpoint_id uuid        not null,
    event_id    uuid        not null,
    attempt     int         not null,
    at          timestamptz not null,
    duration_ms bigint      not null constraint webhook_attempt_duration check (duration_ms >= 0),
    status      int,
    fault       text        constraint webhook_attempt_fault check (fault in (
                            'address_refused', 'connection_failed', 'tls_failed', 'timeout', 'invalid_answer', 'redirected', 'gone', 'bad_status')),
    response    text        constraint webhook_attempt_response check (length(response) <= 1024),
    constraint webhook_attempt_pk primary key (endpoint_id, event_id, attempt),
    constraint webhook_attempt_delivery foreign key (endpoint_id, event_id) references webhook_delivery on delete cascade,
    constraint webhook_attempt_outcome check (status is not null or fault is not null)
);
