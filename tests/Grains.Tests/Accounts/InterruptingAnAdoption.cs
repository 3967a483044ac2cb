using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using Npgsql;

namespace AX2Caption.Grains.Tests.Accounts;

/// <summary>Wherever an adoption is cut off, nothing or everything has moved, and asking again makes it everything, once.</summary>
[Collection<CreditCluster>]
public sealed class InterruptingAnAdoption(ServiceFixture service) : ClusterScenario(service)
{
    private const long GuestGrant = CustomerExtensions.GuestGrant;
    private const long MemberGrant = AccountExtensions.MemberGrant;

    private Guid guestId;
    private Guid memberId;
    private Guid videoId;
    private JobSnapshot job = null!;

    [Theory]
    [InlineData("account where kind = 'guest'")]
    [InlineData("account where kind = 'member'")]
    [InlineData("video")]
    [InlineData("caption_job")]
    [InlineData("task where kind = 'probe'")]
    [InlineData("task where kind = 'prepare'")]
    [InlineData("job_quote")]
    [InlineData("credit_account where reserved > 0")]
    [InlineData("credit_account where reserved = 0")]
    [InlineData("credit_hold")]
    public async Task Cut_off_while_it_waits_for_a_row_it_has_moved_nothing(string row)
    {
        await Arrange();
        await using (var held = await HeldRow.Take(Service, $"select from {row} for update"))
        {
            var adoption = Service.Account(memberId).AdoptGuest(guestId);
            await held.Blocks(adoption);

            await Service.CutConnections();

            await Assert.ThrowsAsync<ServiceUnavailableException>(() => adoption);
        }

        Service.RenewConnections();
        Assert.Null((await Service.Account(guestId).Get(Ct))!.MergedInto);
        Assert.Equal([videoId], await Service.Videos(guestId));
        Assert.Equal([job.JobId], await Service.Jobs(guestId));
        Assert.Equal(new CreditBalance(GuestGrant - 1, 1), await Service.Balance(guestId));
        Assert.Equal(new CreditBalance(MemberGrant, 0), await Service.Balance(memberId));
        Assert.Empty(await Service.Audit());

        await Service.Adopt(memberId, guestId);
        await AssertMovedOnce();
    }

    [Fact]
    public async Task Cut_off_at_any_moment_around_its_commit_and_asked_again_it_has_moved_everything_once()
    {
        await using var superuser = Service.Superuser();
        await using var connection = await superuser.OpenConnectionAsync(Ct);
        const int Rounds = 24;
        var interrupted = 0;
        for (var round = 0; round < Rounds; round++)
        {
            await Service.Clear();
            await Arrange();
            await using var held = await HeldRow.Take(Service, "select from credit_account where account_id = $1 for update", guestId);
            var adoption = Service.Account(memberId).AdoptGuest(guestId);
            await held.Blocks(adoption);

            // First it is surely cut, in the end surely not; in between is by chance.
            if (round == 0)
                await CutAfter(connection, 0);
            await held.Release();
            if (round == Rounds - 1)
                await adoption;
            await CutAfter(connection, round);

            try
            {
                Assert.IsType<AdoptGuestResult.Adopted>(await adoption);
            }
            catch (ServiceUnavailableException)
            {
                interrupted++;
            }

            Assert.IsType<AdoptGuestResult.Adopted>(await AccountExtensions.Persist(() => Service.Account(memberId).AdoptGuest(guestId)));
            Service.RenewConnections();
            await AssertMovedOnce();
            Assert.Empty(await Service.Audit());
        }

        Assert.InRange(interrupted, 1, Rounds - 1);
    }

    /// <summary>Cuts the silos' connections after so many steps of counting, each of which takes a fraction of a millisecond.</summary>
    private static async Task CutAfter(NpgsqlConnection connection, int steps)
    {
        const string Sql = """
            select pg_terminate_backend(pid) from pg_stat_activity
            where (select count(*) from generate_series(1, $1)) = $1 and datname = current_database() and application_name = $2
            """;
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddWithValue(2_000 * steps);
        command.Parameters.AddWithValue(ServiceCluster.BusinessConnections);
        await command.ExecuteNonQueryAsync(Ct);
    }

    private async Task Arrange()
    {
        (guestId, memberId) = (await Service.NewGuest(), await Service.NewMember());
        videoId = await Service.ReadyVideo(guestId);
        job = await Service.SubmitJob(guestId, videoId);
        await Service.Execute(
            """
            insert into job_quote (quote_id, account_id, video_id, language, profile, price, expires_at)
            values (gen_random_uuid(), $1, $2, 'en', 'netflix-en', 1, now())
            """,
            guestId,
            videoId);
    }

    private async Task AssertMovedOnce()
    {
        Assert.Equal(memberId, (await Service.Account(guestId).Get(Ct))?.MergedInto);
        Assert.Equal([videoId], await Service.Videos(memberId));
        Assert.Equal([job.JobId], await Service.Jobs(memberId));
        Assert.Equal(0, await Service.Belongings(guestId));
        Assert.Equal(new CreditBalance(MemberGrant + GuestGrant - 1, 1), await Service.Balance(memberId));
        Assert.Equal(
            [CreditEntryKind.Grant, CreditEntryKind.TransferIn, CreditEntryKind.TransferIn],
            (await Service.Ledger(memberId)).Select(entry => entry.Kind));
    }
}
