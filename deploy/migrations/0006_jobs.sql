-- Captioning jobs and the tasks that workers claim.

create table caption_job (
    job_id          uuid        not null constraint caption_job_pk primary key,
    account_id      uuid        not null constraint caption_job_account references account,
    video_id        uuid        not null constraint caption_job_video references video,
    version         bigint      not null,
    state           text        not null constraint caption_job_state
                                check (state in ('queued', 'processing', 'succeeded', 'failed', 'canceled')),
    stage           text        not null constraint caption_job_stage check (stage in ('prepare', 'transcribe', 'compose')),
    language        text        not null,
    profile         text        not null,
    request_hash    bytea       not null constraint caption_job_request_hash check (length(request_hash) = 32),
    price           bigint      not null constraint caption_job_price check (price > 0),
    credit_state    text        not null constraint caption_job_credit_state
                                check (credit_state in ('held', 'settle_owed', 'release_owed', 'settled', 'released', 'lapsed')),
    duration_ms     bigint      not null constraint caption_job_duration check (duration_ms > 0),
    chunks_done     int         not null default 0,
    chunks_total    int,
    output_prefix   text,
    failure_code    text,
    failure_message text,
    has_work_files  boolean     not null,
    deadline_at     timestamptz not null,
    created_at      timestamptz not null,
    started_at      timestamptz,
    ended_at        timestamptz,
    constraint caption_job_chunks check (chunks_done >= 0 and (chunks_done = 0 or chunks_done <= chunks_total)),
    constraint caption_job_live check ((state in ('queued', 'processing')) = (ended_at is null)),
    -- Credits stay held exactly as long as the job lives; the end state says which operation they are owed.
    constraint caption_job_credit check (
        (state in ('queued', 'processing') and credit_state = 'held')
        or (state = 'succeeded' and credit_state in ('settle_owed', 'settled', 'lapsed'))
        or (state in ('failed', 'canceled') and credit_state in ('release_owed', 'released', 'lapsed'))),
    constraint caption_job_succeeded check ((state = 'succeeded') = (output_prefix is not null)),
    constraint caption_job_failed check ((state = 'failed') = (failure_code is not null)
                                         and (failure_code is null) = (failure_message is null))
);

create index caption_job_of_account on caption_job (account_id, created_at desc, job_id desc);
create index caption_job_live_of_account on caption_job (account_id) where state in ('queued', 'processing');
create index caption_job_overdue on caption_job (deadline_at) where state in ('queued', 'processing');
create index caption_job_owing on caption_job (ended_at)
    where ended_at is not null and (has_work_files or credit_state in ('settle_owed', 'release_owed'));
create index caption_job_of_video on caption_job (video_id);

create table task (
    task_id          uuid        not null constraint task_pk primary key,
    kind             text        not null constraint task_kind check (kind in ('probe', 'prepare', 'transcribe', 'compose')),
    account_id       uuid        not null constraint task_account references account,
    video_id         uuid        not null constraint task_video references video,
    job_id           uuid        constraint task_job references caption_job,
    ordinal          int         not null default 0,
    input            jsonb       not null,
    state            text        not null constraint task_state check (state in ('queued', 'claimed', 'done', 'failed', 'canceled')),
    attempt          int         not null default 0 constraint task_attempt check (attempt >= 0),
    available_at     timestamptz not null default now(),
    worker           text,
    lease_token      uuid,
    lease_expires_at timestamptz,
    result_key       text,
    failure_code     text,
    ended_at         timestamptz,
    constraint task_owner check ((kind = 'probe') = (job_id is null)),
    constraint task_lease check (state <> 'claimed'
                                 or (worker is not null and lease_token is not null and lease_expires_at is not null)),
    constraint task_ended check ((state in ('done', 'failed', 'canceled')) = (ended_at is not null))
);

-- One probe a video, one task of a kind and number a job: a transition that runs twice cannot queue its work twice.
create unique index task_once_per_video on task (video_id) where kind = 'probe';
create unique index task_once_per_job on task (job_id, kind, ordinal) where job_id is not null;
create index task_queued on task (available_at, task_id) where state = 'queued';
create index task_claimed on task (lease_expires_at) where state = 'claimed';

-- Who is there to work; written with each heartbeat.
create table worker (
    worker  text        not null constraint worker_pk primary key,
    slots   int         not null,
    seen_at timestamptz not null
);
create index worker_seen on worker (seen_at);
