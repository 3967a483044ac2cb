-- Uploaded videos. object_key is set as long as an object may exist in the store.

create table video (
    video_id          uuid        not null constraint video_pk primary key,
    account_id        uuid        not null constraint video_account references account,
    version           bigint      not null,
    state             text        not null constraint video_state
                                  check (state in ('uploading', 'probing', 'ready', 'rejected', 'deleted')),
    file_name         text        not null constraint video_file_name check (length(file_name) between 1 and 255),
    object_key        text,
    length            bigint      constraint video_length check (length > 0),
    sha256            bytea       constraint video_sha256 check (length(sha256) = 32),
    media             jsonb,
    rejection_code    text,
    rejection_message text,
    created_at        timestamptz not null,
    changed_at        timestamptz not null,
    constraint video_stored check (state in ('uploading', 'deleted') or (length is not null and sha256 is not null)),
    constraint video_ready check (state <> 'ready' or (media is not null and object_key is not null)),
    constraint video_rejected check ((rejection_code is not null) = (state = 'rejected')
                                     and (rejection_code is null) = (rejection_message is null))
);

create index video_of_account on video (account_id, created_at desc, video_id desc) where state <> 'deleted';

-- What the sweep has to finish: uploads that never completed, objects that are owed their deletion.
create index video_unfinished on video (changed_at)
    where state = 'uploading' or (state in ('rejected', 'deleted') and object_key is not null);
