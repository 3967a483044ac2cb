-- The events of a job for an endpoint, by the job first: it has a few, an endpoint may have a hundred thousand. No other index begins with the
-- job, so that no plan can take one that finds the endpoint's events and looks through them all.
drop index webhook_delivery_once;
create unique index webhook_delivery_once on webhook_delivery (job_id, sequence, endpoint_id) where job_id is not null;
