using AX2Caption.Grains.Tests.Database;
using AX2Caption.Silo.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Hosting;

public sealed class DatabaseClockTests(PostgresFixture postgres)
{
    private static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0)]
    [InlineData(29)]
    [InlineData(-29)]
    public async Task Complaint_WithinTheLimit_IsNone(int seconds) => Assert.Null(await Complaint(seconds));

    [Theory]
    [InlineData(40, "ahead of the database's")]
    [InlineData(-40, "behind the database's")]
    [InlineData(24 * 60 * 60, "ahead of the database's")]
    public async Task Complaint_BeyondIt_SaysWhichWayAndWhichSetting(int seconds, string which)
    {
        var complaint = await Complaint(seconds);

        Assert.Contains(which, complaint, StringComparison.Ordinal);
        Assert.Contains("Cluster:MaximumClockError", complaint, StringComparison.Ordinal);
    }

    private async Task<string?> Complaint(int seconds)
    {
        await using var database = NpgsqlDataSource.Create((await postgres.Server.CreateDatabase(Ct)).SiloConnectionString);
        var settings = Options.Create(new ClusterSettings { MaximumClockError = AtMost });
        return await new DatabaseClock(database, settings, new WrongClock(TimeSpan.FromSeconds(seconds))).Complaint(Ct);
    }

    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
