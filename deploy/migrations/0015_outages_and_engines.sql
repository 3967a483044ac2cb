-- A task waits for the end of an outage without losing an attempt, and a job is done by the engine that it was priced with.

-- Those who write lock jobs before tasks.
lock table caption_job in access exclusive mode;

-- How often in a row the task was put back because something that it needs was away: each time it waits longer.
alter table task add column outages int not null default 0 constraint task_outages check (outages >= 0);

-- Null where it was priced before there was this column: such a job is done by whichever engine serves its language.
alter table caption_job add column engine text;
alter table job_quote add column engine text;
