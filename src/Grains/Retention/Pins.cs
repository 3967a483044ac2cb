using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Videos;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Retention;

/// <summary>Keeps videos from being deleted by age, as many as the account's plan allows.</summary>
internal sealed class Pins(VideoStore videos, Plans.Plans plans, IOptions<RetentionOptions> options, TimeProvider time)
{
    public Task<PinVideoResult> Pin(Guid videoId, Guid accountId) => videos.Transact<PinVideoResult>(async connection =>
    {
        // The account's lock comes first, as in an adoption; under it pins are counted and set one after the other.
        if (await AccountStore.Lock(connection, accountId, accountId) is not [{ MergedInto: null, ClosedAt: null } account]
            || await VideoStore.Lock(connection, videoId) is not { } video
            || video.AccountId != accountId || video.State == VideoState.Deleted || video.IsOver(time.UtcNow()))
        {
            return new PinVideoResult.NotFound();
        }

        if (video.Pin() is not { } pinned)
        {
            return new PinVideoResult.Pinned(video.Snapshot);
        }

        var limit = plans.Of(account.Kind).MaximumPinned;
        if (limit == 0)
        {
            return new PinVideoResult.NotAllowed();
        }

        if (await CountPinned(connection, accountId) >= limit)
        {
            return new PinVideoResult.TooMany(limit);
        }

        await videos.Save(connection, pinned);
        return new PinVideoResult.Pinned(pinned.Snapshot);
    });

    /// <returns>The video as it stands after that; null if there is none.</returns>
    public Task<Video?> Unpin(Guid videoId, Guid accountId) => videos.Change(videoId, (_, before) => Task.FromResult(
        before.AccountId == accountId ? before.Unpin(time.UtcNow() + options.Value.StayAfterUnpinning) : null));

    private static async Task<long> CountPinned(NpgsqlConnection connection, Guid accountId) =>
        (await connection.Read(
            "select count(*) from video where account_id = $1 and pinned and state <> 'deleted'", [accountId], row => row.GetInt64(0)))
        .Single();
}
