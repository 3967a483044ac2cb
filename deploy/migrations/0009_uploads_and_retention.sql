-- Uploads that arrive in pieces, every lasting object by name, how long videos stay, and what is known of those that are gone.

-- A video goes when its time is over, unless its owner pinned it. The default is for those that were there before.
alter table video
    add column expires_at timestamptz not null default now() + interval '7 days',
    add column pinned boolean not null default false;
create index video_expiring on video (expires_at) where state <> 'deleted' and not pinned;
create index video_pinned_of_account on video (account_id) where pinned and state <> 'deleted';

-- The hash of bytes that never passed the Api, or did in parts, is computed by the worker that probes them.
alter table video drop constraint video_stored;
alter table video add constraint video_stored check (state in ('uploading', 'deleted') or length is not null);
alter table video drop constraint video_ready;
alter table video add constraint video_ready
    check (state <> 'ready' or (media is not null and object_key is not null and sha256 is not null));

-- An upload in pieces. The row says how far it is: bytes that the store has beyond that do not count and are dropped.
create table upload (
    video_id     uuid        not null constraint upload_pk primary key constraint upload_video references video,
    length       bigint      not null constraint upload_length check (length > 0),
    written      bigint      not null default 0 constraint upload_written check (written between 0 and length),
    write_state  text, -- the store's own note of how to go on
    metadata     text, -- as the client sent it
    part_bytes   bigint      constraint upload_part_bytes check (part_bytes > 0), -- set if the client sends it in parts to the store itself
    writer       uuid,       -- who writes at the moment; nobody else may until writer_until, by the database's clock
    writer_until timestamptz,
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    constraint upload_writer check ((writer is null) = (writer_until is null))
);
create index upload_expiring on upload (expires_at);

-- Every object that lasts: a video's source and thumbnail, a job's output. Working files live as long as their job's work and have no row.
create table stored_object (
    object_key text        not null constraint stored_object_pk primary key,
    video_id   uuid        not null constraint stored_object_video references video,
    job_id     uuid        constraint stored_object_job references caption_job,
    length     bigint      not null constraint stored_object_length check (length >= 0),
    sha256     bytea       not null constraint stored_object_sha256 check (length(sha256) = 32),
    created_at timestamptz not null
);
create index stored_object_of_video on stored_object (video_id);
create index stored_object_of_job on stored_object (job_id) where job_id is not null;
insert into stored_object (object_key, video_id, length, sha256, created_at)
select object_key, video_id, length, sha256, created_at from video where state = 'ready';

-- A promised price is for one audio stream; null is the video's own choice.
alter table job_quote add column audio_stream int;

-- That a video was deleted, why, and when nothing of it was left. Written in the commit that deletes it; it holds nothing of what it was.
create table deletion_receipt (
    video_id     uuid        not null constraint deletion_receipt_pk primary key constraint deletion_receipt_video references video,
    account_id   uuid        not null constraint deletion_receipt_account references account,
    reason       text        not null constraint deletion_receipt_reason check (reason in ('expired', 'owner', 'account', 'abandoned')),
    jobs         uuid[]      not null,
    objects      int         not null default 0 constraint deletion_receipt_objects check (objects >= 0),
    bytes        bigint      not null default 0 constraint deletion_receipt_bytes check (bytes >= 0),
    requested_at timestamptz not null,
    completed_at timestamptz
);
create index deletion_receipt_of_account on deletion_receipt (account_id, requested_at desc, video_id desc);
-- A receipt is complete only when no worker can be at the video any more.
create index task_canceled_of_video on task (video_id) where state = 'canceled';

create index deletion_receipt_open on deletion_receipt (requested_at) where completed_at is null;
-- Until now a video went with its account or because its upload never completed. What was deleted of it was not counted.
insert into deletion_receipt (video_id, account_id, reason, jobs, requested_at, completed_at)
select video_id, account_id, case when account.closed_at is null then 'abandoned' else 'account' end,
       array(select job_id from caption_job j where j.video_id = video.video_id order by j.created_at, j.job_id),
       changed_at, case when object_key is null then changed_at end
from video join account using (account_id)
where state = 'deleted';
