using System.Net;
using AX2Caption.Testing.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>Orleans' own clustering provider on our tables; its silo is built, never started.</summary>
public sealed class MembershipTable(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Cluster = "cluster";
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private TestDatabase database = null!;
    private IHost host = null!;
    private IMembershipTable table = null!;

    public async ValueTask InitializeAsync()
    {
        database = await postgres.Server.CreateDatabase(Ct);
        host = OrleansHosts.Silo(database.SiloConnectionString, Cluster);
        table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Ct);
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_new_cluster_has_a_version_and_no_silos()
    {
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, Ct);

        var all = await table.ReadAllAsync(Ct);

        Assert.Empty(all.Members);
        Assert.Equal((0, "0"), (all.Version.Version, all.Version.VersionEtag));
    }

    [Fact]
    public async Task A_silo_comes_back_as_it_was_written()
    {
        var silo = Entry(1, SiloStatus.Joining);
        await Insert(silo);
        silo.Status = SiloStatus.Active;
        silo.SuspectTimes = [Tuple.Create(Entry(2, SiloStatus.Active).SiloAddress, Noon.AddMinutes(1))];
        silo.IAmAliveTime = Noon.AddMinutes(2);
        Assert.True(await Update(silo, await table.ReadAllAsync(Ct)));

        var read = Assert.Single((await table.ReadRowAsync(silo.SiloAddress, Ct)).Members).Item1;

        Assert.Equal(
            (silo.SiloAddress, silo.SiloName, silo.HostName, silo.Status, silo.ProxyPort, silo.StartTime, silo.IAmAliveTime),
            (read.SiloAddress, read.SiloName, read.HostName, read.Status, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal(silo.SuspectTimes, read.SuspectTimes);
    }

    [Fact]
    public async Task Of_silos_that_join_on_the_same_version_one_gets_in_and_the_others_leave_no_trace()
    {
        var answers = await AtOnce(16, i => table.InsertRowAsync(Entry(i, SiloStatus.Joining), Version(0), Ct));

        var all = await table.ReadAllAsync(Ct);
        Assert.Single(answers, won => won);
        Assert.Single(all.Members);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task A_silo_that_is_there_already_does_not_join_again()
    {
        await Insert(Entry(1, SiloStatus.Active));

        Assert.False(await table.InsertRowAsync(Entry(1, SiloStatus.Joining), Version(1), Ct));

        var all = await table.ReadAllAsync(Ct);
        Assert.Equal(SiloStatus.Active, Assert.Single(all.Members).Item1.Status);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task Of_changes_on_the_same_version_one_happens_and_the_others_leave_no_trace()
    {
        for (var i = 0; i < 8; i++)
            await Insert(Entry(i, SiloStatus.Active));

        var before = await table.ReadAllAsync(Ct);

        var answers = await AtOnce(8, i => Update(Entry(i, SiloStatus.Dead), before));

        var all = await table.ReadAllAsync(Ct);
        Assert.Single(answers, won => won);
        Assert.Single(all.Members, member => member.Item1.Status == SiloStatus.Dead);
        Assert.Equal(9, all.Version.Version);
    }

    [Fact]
    public async Task A_change_of_an_unknown_silo_does_not_move_the_version()
    {
        await Insert(Entry(1, SiloStatus.Active));
        var before = await table.ReadAllAsync(Ct);

        Assert.False(await Update(Entry(2, SiloStatus.Dead), before));

        Assert.Equal(1, (await table.ReadAllAsync(Ct)).Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_does_not_move_the_version()
    {
        var silo = Entry(1, SiloStatus.Active);
        await Insert(silo);
        silo.IAmAliveTime = Noon.AddHours(1);

        await table.UpdateIAmAliveAsync(silo, Ct);

        var all = await table.ReadAllAsync(Ct);
        Assert.Equal(Noon.AddHours(1), Assert.Single(all.Members).Item1.IAmAliveTime);
        Assert.Equal(1, all.Version.Version);
    }

    [Fact]
    public async Task Cleanup_removes_what_has_been_defunct_for_long_and_never_an_active_silo()
    {
        await Insert(Entry(1, SiloStatus.Dead));
        await Insert(Entry(2, SiloStatus.ShuttingDown));
        await Insert(Entry(3, SiloStatus.Active));
        await Insert(Entry(4, SiloStatus.Dead, aliveAt: Noon.AddDays(1)));

        await table.CleanupDefunctSiloEntriesAsync(Noon.AddHours(1), Ct);

        var left = (await table.ReadAllAsync(Ct)).Members.Select(member => member.Item1.SiloAddress.Generation).Order();
        Assert.Equal([3, 4], left);
    }

    [Fact]
    public async Task Deleting_a_cluster_leaves_nothing_of_it_and_all_of_another()
    {
        await Insert(Entry(1, SiloStatus.Active));
        using var neighbour = OrleansHosts.Silo(database.SiloConnectionString, "neighbour");
        var neighbours = neighbour.Services.GetRequiredService<IMembershipTable>();
        await neighbours.InitializeMembershipTableAsync(tryInitTableVersion: true, Ct);

        await table.DeleteMembershipTableEntriesAsync(Cluster, Ct);

        Assert.Equal(["neighbour"], await Sql.Column<string>(database.OwnerConnectionString, "select deployment_id from orleans_membership_version", Ct));
        Assert.Empty(await Sql.Column<string>(database.OwnerConnectionString, "select deployment_id from orleans_membership", Ct));
    }

    private async Task Insert(MembershipEntry entry) =>
        Assert.True(await table.InsertRowAsync(entry, (await table.ReadAllAsync(Ct)).Version.Next(), Ct));

    private Task<bool> Update(MembershipEntry entry, MembershipTableData read) =>
        table.UpdateRowAsync(entry, read.Members[0].Item2, read.Version.Next(), Ct);

    private static TableVersion Version(int read) => new TableVersion(read, $"{read}").Next();

    private static Task<bool[]> AtOnce(int count, Func<int, Task<bool>> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => act(i))));

    private static MembershipEntry Entry(int number, SiloStatus status, DateTime? aliveAt = null) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, 11_000 + number, generation: number),
        SiloName = $"silo-{number}",
        HostName = "host",
        Status = status,
        ProxyPort = 30_000 + number,
        StartTime = Noon,
        IAmAliveTime = aliveAt ?? Noon,
    };
}
