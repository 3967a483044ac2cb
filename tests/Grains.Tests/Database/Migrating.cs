using AX2Caption.Silo.Migrations;

namespace AX2Caption.Grains.Tests.Database;

public sealed class Migrating(PostgresFixture postgres)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_finds_nothing_to_do()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var first = await Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);
        var second = await Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct);

        Assert.Equal("0001_roles.sql", first[0]);
        Assert.Empty(second);
    }

    [Fact]
    public async Task Of_several_migrators_at_once_one_works_and_the_others_wait()
    {
        var database = await postgres.Server.CreateEmptyDatabase(Ct);

        var runs = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Migrator.Migrate(database.OwnerConnectionString, TextWriter.Null, Ct))));

        Assert.Single(runs, ran => ran.Count > 0);
    }
}
