using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AX2Caption.Grains.Tests.Database;

/// <summary>Orleans' own reminder provider on our table.</summary>
public sealed class ReminderTable(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private IHost host = null!;
    private IReminderTable table = null!;

    public async ValueTask InitializeAsync()
    {
        var database = await postgres.Server.CreateDatabase(Ct);
        host = OrleansHosts.Silo(database.SiloConnectionString, "service");
        table = host.Services.GetRequiredService<IReminderTable>();
        await table.StartAsync(Ct);
    }

    public ValueTask DisposeAsync()
    {
        host.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(0x0000_0000u, 0x8000_0000u)] // up to where the hash, stored signed, turns negative
    [InlineData(0x4000_0000u, 0xC000_0000u)] // across it
    [InlineData(0x8000_0000u, 0xF000_0000u)] // beyond it
    [InlineData(0xF000_0000u, 0x1000_0000u)] // over the end of the ring
    [InlineData(0x9000_0000u, 0x7000_0000u)]
    [InlineData(0x1234_5678u, 0x1234_5678u)] // the whole ring
    public async Task A_range_of_the_ring_is_read_from_after_its_begin_up_to_its_end(uint begin, uint end)
    {
        var grains = Enumerable.Range(0, 200).Select(Grain).ToList();
        foreach (var grain in grains)
            await table.UpsertRow(Reminder(grain), Ct);

        var read = (await table.ReadRows(begin, end, Ct)).Reminders.Select(reminder => reminder.GrainId).Order();

        bool Inside(uint hash) => begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
        Assert.Equal(grains.Where(grain => Inside(grain.GetUniformHashCode())).Order(), read);
    }

    [Fact]
    public async Task The_begin_of_a_range_is_outside_and_its_end_inside()
    {
        var hash = Grain(1).GetUniformHashCode();
        await table.UpsertRow(Reminder(Grain(1)), Ct);

        Assert.Empty((await table.ReadRows(hash, hash + 1, Ct)).Reminders);
        Assert.Single((await table.ReadRows(hash - 1, hash, Ct)).Reminders);
    }

    [Fact]
    public async Task A_reminder_comes_back_as_it_was_written()
    {
        // More milliseconds than fit into 32 bits.
        var etag = await table.UpsertRow(Reminder(Grain(1), period: TimeSpan.FromDays(7_000)), Ct);

        var read = await table.ReadRow(Grain(1), "name", Ct);

        Assert.Equal(
            (Grain(1), "name", Noon, TimeSpan.FromDays(7_000), etag),
            (read!.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.Null(await table.ReadRow(Grain(1), "another", Ct));
        Assert.Single((await table.ReadRows(Grain(1), Ct)).Reminders);
        Assert.Empty((await table.ReadRows(Grain(2), Ct)).Reminders);
    }

    [Fact]
    public async Task A_reminder_that_was_changed_meanwhile_is_not_removed()
    {
        var old = await table.UpsertRow(Reminder(Grain(1)), Ct);
        var current = await table.UpsertRow(Reminder(Grain(1), period: TimeSpan.FromMinutes(5)), Ct);

        Assert.NotEqual(old, current);
        Assert.False(await table.RemoveRow(Grain(1), "name", old!, Ct));
        Assert.Equal(TimeSpan.FromMinutes(5), (await table.ReadRow(Grain(1), "name", Ct))!.Period);
        Assert.True(await table.RemoveRow(Grain(1), "name", current!, Ct));
        Assert.Null(await table.ReadRow(Grain(1), "name", Ct));
    }

    [Fact]
    public async Task Concurrent_writers_of_one_reminder_each_get_a_version_of_their_own()
    {
        var etags = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => table.UpsertRow(Reminder(Grain(1)), Ct))));

        Assert.Equal(16, etags.Distinct().Count());
    }

    [Fact]
    public async Task Clearing_removes_every_reminder_of_the_service()
    {
        await table.UpsertRow(Reminder(Grain(1)), Ct);

        await table.TestOnlyClearTable(Ct);

        Assert.Empty((await table.ReadRows(0, 0, Ct)).Reminders);
    }

    private static GrainId Grain(int number) => GrainId.Create("grain", $"key-{number}");

    private static ReminderEntry Reminder(GrainId grain, TimeSpan? period = null) => new()
    {
        GrainId = grain,
        ReminderName = "name",
        StartAt = Noon,
        Period = period ?? TimeSpan.FromMinutes(1),
    };
}
