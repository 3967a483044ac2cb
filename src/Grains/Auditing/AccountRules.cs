namespace AX2Caption.Grains.Auditing;

/// <summary>What must hold of accounts and of who is signed in to them.</summary>
internal static class AccountRules
{
    public static IReadOnlyList<AuditRule> All { get; } =
    [
        new("closed_account_is_nobodys", """
            select a.account_id::text, format('closed at %s and still has a name, a session or a link', a.closed_at)
            from account a
            where a.closed_at is not null
              and (exists (select from member m where m.account_id = a.account_id)
                   or exists (select from session s where s.account_id = a.account_id and s.ended_at is null)
                   or exists (select from account_link l where l.account_id = a.account_id))
            """),
        new("merged_guest_is_signed_out", """
            select s.session_id::text, format('lives, although guest %s has become member %s', a.account_id, a.merged_into)
            from session s join account a using (account_id)
            where a.merged_into is not null and s.ended_at is null
            """),
        new("purged_account_is_empty", """
            select a.account_id::text, format('purged at %s and still has media', a.purged_at)
            from account a
            where a.purged_at is not null
              and (exists (select from video v where v.account_id = a.account_id and (v.state <> 'deleted' or v.object_key is not null))
                   or exists (select from caption_job j where j.account_id = a.account_id and j.purged_at is null))
            """),
        new("member_has_member_account", """
            select m.account_id::text, format('is of kind %s', a.kind)
            from member m join account a using (account_id)
            where a.kind <> 'member' or a.merged_into is not null
            """),
    ];
}
