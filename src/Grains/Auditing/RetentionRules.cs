namespace AX2Caption.Grains.Auditing;

/// <summary>What must hold of how long videos stay and of what is left when they go; <c>$1</c> is the time.</summary>
internal static class RetentionRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new("expired_video_is_deleted", """
            select v.video_id::text, format('its time was over at %s and it is %s', v.expires_at, v.state)
            from video v
            where v.state <> 'deleted' and not v.pinned and v.expires_at < $1::timestamptz - interval '1 day'
              and not exists (select from caption_job j where j.video_id = v.video_id and j.state in ('queued', 'processing'))
            """),
        new("deleted_video_has_receipt", """
            select v.video_id::text, format('deleted at %s without a receipt', v.changed_at)
            from video v
            where v.state = 'deleted' and $1::timestamptz is not null
              and not exists (select from deletion_receipt r where r.video_id = v.video_id)
            """),
        new("receipt_is_of_deleted_video", """
            select r.video_id::text, format('deleted at %s and it is %s', r.requested_at, v.state)
            from deletion_receipt r join video v using (video_id)
            where v.state <> 'deleted' and $1::timestamptz is not null
            """),
        new("deletion_is_completed", """
            select r.video_id::text, format('deleted at %s and something of it may be left', r.requested_at)
            from deletion_receipt r
            where r.completed_at is null and r.requested_at < $1::timestamptz - interval '1 day'
            """),
        new("completed_deletion_left_nothing", """
            select o.object_key, format('of video %s, of which nothing was left at %s', r.video_id, r.completed_at)
            from stored_object o join deletion_receipt r using (video_id)
            where r.completed_at is not null and $1::timestamptz is not null
            """),
        new("ready_video_has_stored_object", """
            select v.video_id::text, format('ready without a row for %s', v.object_key)
            from video v
            where v.state = 'ready' and $1::timestamptz is not null
              and not exists (select from stored_object o where o.object_key = v.object_key and o.video_id = v.video_id)
            """),
    ];
}
