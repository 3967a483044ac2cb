using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Accounts;

/// <summary>What is done to accounts.</summary>
internal static class AccountExtensions
{
    /// <summary>What a new member has.</summary>
    public const long MemberGrant = 60;

    /// <summary>Repetitions that outlast any fault these tests make.</summary>
    private const int Patience = 200;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static IAccountGrain Account(this ServiceFixture service, Guid accountId) => service.Grains.GetGrain<IAccountGrain>(accountId);

    /// <summary>A new member's account, with <see cref="MemberGrant"/> credits.</summary>
    public static async Task<Guid> NewMember(this ServiceFixture service) =>
        (await service.Account(Guid.CreateVersion7()).CreateMember()).AccountId;

    /// <summary>Moves the guest to the member for the first time.</summary>
    public static async Task Adopt(this ServiceFixture service, Guid memberId, Guid guestId) =>
        Assert.Equal(new AdoptGuestResult.Adopted(Replayed: false), await service.Account(memberId).AdoptGuest(guestId));

    public static async Task<IReadOnlyList<Guid>> Videos(this ServiceFixture service, Guid accountId) =>
        [.. (await service.Grains.GetGrain<IVideoIndexGrain>(accountId).List(after: null, limit: 100, Ct))
            .Videos.Select(video => video.VideoId).Order()];

    public static async Task<IReadOnlyList<Guid>> Jobs(this ServiceFixture service, Guid accountId) =>
        [.. (await service.Grains.GetGrain<IJobIndexGrain>(accountId).List(after: null, limit: 100, Ct))
            .Jobs.Select(job => job.JobId).Order()];

    /// <summary>Rows of all kinds that are the account's, but for its ledger.</summary>
    public static Task<long> Belongings(this ServiceFixture service, Guid accountId) => service.Value<long>(
        """
        select (select count(*) from video where account_id = $1) + (select count(*) from caption_job where account_id = $1)
             + (select count(*) from task where account_id = $1) + (select count(*) from job_quote where account_id = $1)
             + (select count(*) from credit_hold where account_id = $1 and state = 'open')
             + (select count(*) from credit_grant where account_id = $1 and is_open)
        """,
        accountId);

    /// <summary>Repeats a call whose outcome is unknown, as the Api does.</summary>
    public static async Task<T> Persist<T>(Func<Task<T>> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (Exception fault) when (fault is ServiceUnavailableException or TimeoutException && attempt < Patience)
            {
            }
        }
    }
}
