-- The language that was found in a job of language 'auto'.
alter table caption_job add column detected_language text
    constraint caption_job_detected_language check (detected_language is null or state = 'succeeded');
