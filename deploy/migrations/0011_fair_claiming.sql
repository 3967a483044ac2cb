-- Workers share themselves out among accounts, whoever has queued how much.

-- Those who write lock jobs before tasks.
lock table caption_job in access exclusive mode;

-- The accounts with work, and how much of the workers each has used: seconds of media by its weight. It is a cache that may be
-- lost: an account with work that has no row gets one.
create table work_share (
    account_id   uuid             not null constraint work_share_pk primary key constraint work_share_account references account,
    virtual_time double precision not null,
    used_at      timestamptz      not null default now()
);
create index work_share_least on work_share (virtual_time);
create index work_share_served on work_share (used_at);

alter table task
    add column urgent boolean          not null default false, -- somebody waits for it: a probe, or of a short job
    add column cost   double precision not null default 1 constraint task_cost check (cost > 0), -- seconds of media
    add column since  timestamptz      not null default now(); -- when its owner was submitted, whose tasks go together
update task t
set urgent = t.kind = 'probe' or j.duration_ms <= 300000, since = coalesce(j.created_at, t.since),
    cost = greatest(1, coalesce((t.input ->> 'endMs')::bigint - (t.input ->> 'startMs')::bigint, 1000) / 1000.0)
from task u left join caption_job j using (job_id)
where u.task_id = t.task_id and t.state in ('queued', 'claimed');

drop index task_queued;
create index task_queued_of_account on task (account_id, urgent desc, since, ordinal) where state = 'queued';
drop index task_claimed;
create index task_claimed_of_account on task (account_id) where state = 'claimed'; -- as many as workers have slots
insert into work_share (account_id, virtual_time) select distinct account_id, 0 from task where state = 'queued';

-- A worker that also runs grains leaves the work to those that do not. Of those that are there now it is not known.
alter table worker add column is_core boolean not null default true;

-- A job that ends soon never needs its reminder.
alter table caption_job add column has_reminder boolean not null default false;
update caption_job set has_reminder = true where state in ('queued', 'processing');
create index caption_job_without_reminder on caption_job (created_at) where state in ('queued', 'processing') and not has_reminder;

-- Progress and renewed leases change no indexed column: with room on its page, a row moves without touching the indexes.
alter table caption_job set (fillfactor = 60);
alter table task set (fillfactor = 80);
