-- Bounds on what waits for a webhook and on what is known of it, and why an event was given up.

-- Not tied to the state: silos of before send an event again without looking at it.
alter table webhook_delivery add column expired_because text
    constraint webhook_delivery_expired check (expired_because in ('time_over', 'gone', 'too_many_pending'));

-- Each endpoint's oldest, of what waits and of what has ended.
create index webhook_delivery_waiting on webhook_delivery (endpoint_id, tried_from, event_id) where state = 'pending';
create index webhook_delivery_kept on webhook_delivery (endpoint_id, ended_at, event_id) where ended_at is not null;
