using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Mail;
using AX2Caption.Grains.Sessions;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Webhooks;
using AX2Caption.Grains.Work;
using Npgsql;

namespace AX2Caption.Grains.Accounts;

/// <summary>Takes an account away: first, in one commit, its owner's name and keys; then, in as many steps as it needs, its media.</summary>
internal sealed class AccountDeletion(NpgsqlDataSource database, IGrainFactory grains, AuditEvents events, TimeProvider time)
{
    /// <summary>Closes the account. From this commit on nobody is signed in to it and nothing new can be its.</summary>
    /// <returns>False: it was closed before, or became another's.</returns>
    public Task<bool> Close(Guid accountId, RequestOrigin origin) => database.Transact(async connection =>
    {
        var now = time.UtcNow();
        // First the member, then the account, as a sign-in locks them.
        var member = await MemberStore.Lock(connection, accountId);
        // The lock meets those under which videos and jobs are inserted: they are there before the purge looks, or not at all.
        var closed = await connection.Execute(
            "update account set closed_at = $2 where account_id = $1 and closed_at is null and merged_into is null", [accountId, now]);
        if (closed == 0)
        {
            return false;
        }

        await SessionStore.EndAll(connection, accountId, SessionEnd.AccountDeleted, now);
        await AccountLinkStore.Forget(connection, accountId);
        await RegistrationStore.Forget(connection, accountId, member?.Email.Key);
        if (member is not null)
        {
            await MailQueue.Forget(connection, member.Email.Key);
            await SignInThrottleStore.Forget(connection, member.Email.Key);
            await MemberStore.Delete(connection, accountId);
        }

        await connection.Execute("delete from job_quote where account_id = $1", [accountId]);
        await WebhookStore.Forget(connection, accountId);
        // Also from the guests that the member was: what they had is the member's, and what is personal about them too.
        await connection.Execute(
            """
            update session set address = 'deleted', device = null
            where account_id = any (array(select $1::uuid union all select account_id from account where merged_into = $1))
            """,
            [accountId]);
        await AuditLogStore.Anonymize(connection, accountId);
        await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.AccountDeleted, accountId, origin));
        return true;
    });

    /// <summary>Deletes what is stored of the account's videos and jobs, and cancels what still runs.</summary>
    public async Task Purge(Guid accountId)
    {
        var videos = await database.Read(
            "select video_id from video where account_id = $1 order by created_at", [accountId], row => row.GetGuid(0));
        await EachRow.Finish(videos, videoId => grains.GetGrain<IVideoGrain>(videoId).Delete());
        // A video takes its jobs with it. These are of videos that were deleted before their owner became this member.
        var jobs = await database.Read(
            """
            select job_id from caption_job j
            where account_id = $1 and not exists (select from video v where v.video_id = j.video_id and v.account_id = $1)
            order by created_at
            """,
            [accountId],
            row => row.GetGuid(0));
        await EachRow.Finish(jobs, jobId => grains.GetGrain<ICaptionJobGrain>(jobId).Purge());
    }

    /// <summary>Accounts that were deleted a while ago and are to be looked at once more.</summary>
    public Task<List<Guid>> ToPurge(DateTimeOffset closedBefore, int limit, CancellationToken cancellationToken) => database.Read(
        "select account_id from account where closed_at < $1 and purged_at is null order by closed_at limit $2",
        [closedBefore, limit],
        row => row.GetGuid(0),
        cancellationToken);

    public Task Purged(Guid accountId) =>
        database.Execute("update account set purged_at = $2 where account_id = $1", [accountId, time.UtcNow()]);
}
