using AX2Caption.Scenarios;
using AX2Caption.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

// Each scenario runs a whole service; two at once would only starve each other.
[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

namespace AX2Caption.Scenarios;

/// <summary>One PostgreSQL for the whole assembly; each scenario takes a database of its own from it.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private PostgresServer? server;

    public PostgresServer Server => server ?? throw new InvalidOperationException("xunit has not initialised the fixture yet.");

    public async ValueTask InitializeAsync() => server = await PostgresServer.Start(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
            await server.DisposeAsync();
    }
}
