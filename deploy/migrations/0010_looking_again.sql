-- A worker that was slow to hear of a deletion may write bytes after its receipt was completed: once, long after, the
-- store is looked through again.
alter table deletion_receipt add column looked_again_at timestamptz;
create index deletion_receipt_to_look_again on deletion_receipt (completed_at)
    where completed_at is not null and looked_again_at is null;
