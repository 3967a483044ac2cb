using AX2Caption.Grains.Tests.Database;
using AX2Caption.Testing.Postgres;

[assembly: AssemblyFixture(typeof(PostgresFixture))]

namespace AX2Caption.Grains.Tests.Database;

/// <summary>One PostgreSQL for the whole assembly; each test class takes a database of its own from it.</summary>
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
