using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace AX2Caption.Grains.Tests.Database;

public sealed class OrleansOnPostgres(TwoSilos cluster) : IClassFixture<TwoSilos>
{
    private const string Default = "Default";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public Task Two_silos_form_one_cluster() => cluster.ShareGrains(Ct);

    [Fact]
    public async Task State_outlives_its_activation()
    {
        await Tally("lasting").Add(1);
        await Tally("lasting").Add(2);

        await cluster.Client.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Ct);

        Assert.Equal(6, await Tally("lasting").Add(3));
    }

    [Fact]
    public async Task Cleared_state_starts_anew()
    {
        await Tally("cleared").Add(5);

        await Tally("cleared").Clear();

        Assert.Equal(1, await Tally("cleared").Add(1));
    }

    [Fact]
    public async Task A_reminder_fires()
    {
        await Tally("reminded").RemindSoon();

        await cluster.Bell.Rung("reminded", Ct);
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(OrleansHosts.DeletingStorage)]
    public async Task Of_concurrent_first_writes_exactly_one_wins(string storage)
    {
        GrainId[] grains = [GrainId.Create("first", $"{storage}/text"), GrainId.Create(GrainType.Create($"first-{storage}"), GrainIdKeyExtensions.CreateIntegerKey(7))];
        foreach (var grain in grains)
        {
            var attempts = await AtOnce(32, i => Write(i, storage, grain, new GrainState<Tally>(new Tally { Total = i })));

            var winner = Assert.Single(attempts, attempt => attempt is not null);
            var read = await Read(storage, grain);
            Assert.Equal((winner!.State!.Total, "1"), (read.State!.Total, read.ETag));
        }
    }

    [Fact]
    public async Task Of_concurrent_later_writes_exactly_one_wins()
    {
        var grain = GrainId.Create("later", "key");
        await Write(0, Default, grain, new GrainState<Tally>(new Tally()));

        var attempts = await AtOnce(32, i => Write(i, Default, grain, new GrainState<Tally>(new Tally { Total = i }, "1")));

        Assert.Single(attempts, attempt => attempt is not null);
        Assert.Equal("2", (await Read(Default, grain)).ETag);
    }

    [Theory]
    [InlineData(Default)]
    [InlineData(OrleansHosts.DeletingStorage)]
    public async Task A_stale_activation_neither_clears_nor_overwrites(string storage)
    {
        var grain = GrainId.Create("stale", storage);
        var state = (await Write(0, storage, grain, new GrainState<Tally>(new Tally { Total = 1 })))!;
        await Write(0, storage, grain, new GrainState<Tally>(new Tally { Total = 2 }, state.ETag));

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage(1, storage).ClearStateAsync($"{grain.Type}-state", grain, state));
        Assert.Null(await Write(1, storage, grain, state));

        Assert.Equal(2, (await Read(storage, grain)).State!.Total);
    }

    [Theory]
    [InlineData(Default, "2", "3")]
    [InlineData(OrleansHosts.DeletingStorage, null, "1")]
    public async Task Cleared_state_is_gone_and_can_be_written_again(string storage, string? versionAfterClear, string versionAfterWrite)
    {
        var grain = GrainId.Create("again", storage);
        var state = (await Write(0, storage, grain, new GrainState<Tally>(new Tally { Total = 1 })))!;

        await Storage(0, storage).ClearStateAsync($"{grain.Type}-state", grain, state);

        var cleared = await Read(storage, grain);
        Assert.Equal((false, 0, versionAfterClear), (cleared.RecordExists, cleared.State!.Total, cleared.ETag));
        Assert.Equal(versionAfterWrite, (await Write(1, storage, grain, cleared))!.ETag);
    }

    private ITallyGrain Tally(string key) => cluster.Client.GetGrain<ITallyGrain>(key);

    private IGrainStorage Storage(int caller, string name) =>
        cluster.Silos[caller % cluster.Silos.Count].GetRequiredKeyedService<IGrainStorage>(name);

    /// <summary>The written state, or null when the storage found it out of date.</summary>
    private async Task<GrainState<Tally>?> Write(int caller, string storage, GrainId grain, GrainState<Tally> state)
    {
        try
        {
            await Storage(caller, storage).WriteStateAsync($"{grain.Type}-state", grain, state);
            return state;
        }
        catch (InconsistentStateException)
        {
            return null;
        }
    }

    private async Task<GrainState<Tally>> Read(string storage, GrainId grain)
    {
        var state = new GrainState<Tally>(new Tally());
        await Storage(0, storage).ReadStateAsync($"{grain.Type}-state", grain, state);
        return state;
    }

    private static Task<T[]> AtOnce<T>(int count, Func<int, Task<T>> act) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(i => Task.Run(() => act(i))));
}
