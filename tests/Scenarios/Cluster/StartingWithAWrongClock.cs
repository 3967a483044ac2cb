using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios.Cluster;

public sealed class StartingWithAWrongClock(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_silo_does_not_start_and_says_why()
    {
        await using var service = await CaptionService.Prepare(
            await postgres.Server.CreateDatabase(Ct), new CaptionServiceSettings { Silo = ShiftedClock.Settings(TimeSpan.FromHours(9)) }, Ct);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));

        var (exitCode, output, errors) = await service.RunSiloCommand([], limit.Token);

        Assert.NotEqual(0, exitCode);
        Assert.Contains("ahead of the database's; Cluster:MaximumClockError is 00:00:30", output + errors, StringComparison.Ordinal);
    }
}
