using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Tests.Database;

public sealed class RunningABatch(PostgresFixture postgres) : IAsyncLifetime
{
    private NpgsqlDataSource database = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = NpgsqlDataSource.Create((await postgres.Server.CreateDatabase(Ct)).OwnerConnectionString);
        await database.Execute("create table note (text text primary key)", [], Ct);
    }

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Each_statement_sees_what_those_before_it_did_and_has_its_own_answer()
    {
        await using var connection = await database.OpenConnectionAsync(Ct);
        var batch = new SqlBatch(connection);
        var written = new List<int>();
        var none = batch.Read("select text from note", [], row => row.GetString(0));
        batch.Execute("insert into note select * from unnest($1::text[])", [new[] { "one", "two" }], written.Add);
        var two = batch.Read("select text from note order by text", [], row => row.GetString(0));
        batch.Execute("delete from note where text = $1", ["one"], written.Add);
        var missing = batch.Read("select $1::text", [null], row => row.IsDBNull(0));

        await batch.Run(Ct);

        Assert.Empty(none.Value);
        Assert.Equal(["one", "two"], two.Value);
        Assert.Equal([true], missing.Value);
        Assert.Equal([2, 1], written);
        Assert.Equal(["two"], await Notes());
    }

    [Fact]
    public async Task Outside_of_a_transaction_nothing_stays_of_a_batch_that_fails()
    {
        await using var connection = await database.OpenConnectionAsync(Ct);
        var batch = new SqlBatch(connection);
        batch.Execute("insert into note values ('kept?')", []);
        batch.Execute("insert into note values ('kept?')", []);
        var after = batch.Read("select 1", [], row => row.GetInt32(0));

        var fault = await Assert.ThrowsAsync<PostgresException>(() => batch.Run(Ct));

        Assert.Equal(PostgresErrorCodes.UniqueViolation, fault.SqlState);
        Assert.Throws<InvalidOperationException>(() => after.Value);
        Assert.Empty(await Notes());
    }

    [Fact]
    public async Task A_check_that_fails_inside_of_a_transaction_takes_it_back()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Transact(
            async connection =>
            {
                await connection.InOneGo(
                    batch => batch.Execute("insert into note values ('kept?')", [], written => throw new InvalidOperationException($"{written} written")), Ct);
                return true;
            },
            Ct));

        Assert.Equal("1 written", fault.Message);
        Assert.Empty(await Notes());
    }

    [Fact]
    public async Task An_empty_batch_runs_nothing()
    {
        await using var connection = await database.OpenConnectionAsync(Ct);

        await connection.InOneGo(_ => { }, Ct);

        Assert.Equal([0], await connection.InOneGo(_ => new SqlAnswer<List<int>>(() => [0]), Ct));
    }

    private Task<List<string>> Notes() => database.Read("select text from note", [], row => row.GetString(0), Ct);
}
