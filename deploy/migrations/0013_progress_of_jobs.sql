-- How far a job is by the length of its speech, when it will be done, and what changed since somebody last looked.
alter table caption_job
    -- The audio with speech in all of its chunks, and in those that are done; null where chunks were planned before there was this column.
    add column media_ms_total     bigint,
    add column media_ms_done      bigint not null default 0,
    add column transcribing_since timestamptz,
    -- When the job last got on: the moment that its estimate is made from.
    add column progressed_at      timestamptz,
    -- Seconds of audio that were expected to be recognised in a second when work began.
    add column expected_speed     double precision constraint caption_job_expected_speed check (expected_speed > 0),
    -- The transaction that last wrote the row, and the one that ended the job. Of two transactions any may commit first, so neither
    -- a time nor a number from a sequence says what somebody has seen; these do, beside pg_snapshot_xmin.
    add column changed_xact       bigint not null default (pg_current_xact_id()::text::bigint),
    add column ended_xact         bigint,
    add constraint caption_job_media check (media_ms_done >= 0 and (media_ms_done = 0 or media_ms_done <= media_ms_total)),
    add constraint caption_job_begun check (
        case state when 'queued' then started_at is null and stage = 'prepare' when 'processing' then started_at is not null else true end),
    add constraint caption_job_planned check ((stage = 'prepare') = (chunks_total is null)),
    add constraint caption_job_composed check (state <> 'succeeded' or stage = 'compose');

-- A CHECK sees one row as it is to be. What it was decides whether it may become that: docs/jobs.md has the diagram.
create function caption_job_guard() returns trigger language plpgsql as $$
begin
    if new.state <> old.state and not (
        (old.state = 'queued' and new.state in ('processing', 'failed', 'canceled'))
        or (old.state = 'processing' and new.state in ('succeeded', 'failed', 'canceled'))) then
        raise exception 'job % may not go from % to %', old.job_id, old.state, new.state
            using errcode = 'check_violation', constraint = 'caption_job_transition';
    end if;
    if array_position(array['prepare', 'transcribe', 'compose'], new.stage) < array_position(array['prepare', 'transcribe', 'compose'], old.stage)
        or new.chunks_done < old.chunks_done or new.media_ms_done < old.media_ms_done or new.version < old.version then
        raise exception 'job % may not go back', old.job_id
            using errcode = 'check_violation', constraint = 'caption_job_forward';
    end if;
    new.changed_xact := pg_current_xact_id()::text::bigint;
    if old.ended_at is null and new.ended_at is not null then
        new.ended_xact := new.changed_xact;
    end if;
    return new;
end
$$;

create trigger caption_job_guard before update on caption_job for each row execute function caption_job_guard();

-- Of an account's jobs that have ended, those that did since a look; the live ones are found by caption_job_live_of_account.
create index caption_job_ended_of_account on caption_job (account_id, ended_xact) where ended_xact is not null;
-- All jobs, newest first, for operators.
create index caption_job_by_age on caption_job (created_at desc, job_id desc);
