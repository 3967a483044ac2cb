using AX2Caption.Api.Cluster;
using AX2Caption.Grains.Abstractions.Accounts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>The service's grains, reached as the Api reaches them, for what no request asks of them.</summary>
public sealed class ServiceGrains(ServiceFixture fixture) : IAsyncLifetime
{
    private readonly NpgsqlDataSource database = NpgsqlDataSource.Create(fixture.Service.Database.ApiConnectionString);
    private ClusterConnection connection = null!;
    private IGrainFactory grains = null!;

    public async ValueTask InitializeAsync()
    {
        connection = new ClusterConnection(
            Options.Create(new ClusterOptions { ClusterId = "test", ServiceId = "test" }), database, NullLoggerFactory.Instance, TimeProvider.System);
        await connection.StartAsync(TestContext.Current.CancellationToken);
        grains = await connection.Client;
    }

    public async ValueTask DisposeAsync()
    {
        await connection.StopAsync(CancellationToken.None);
        connection.Dispose();
        await database.DisposeAsync();
    }

    /// <summary>Makes a member of a guest.</summary>
    /// <returns>The member's id.</returns>
    public async Task<Guid> MakeMember(Guid guestId)
    {
        var member = grains.GetGrain<IAccountGrain>(Guid.CreateVersion7());
        await member.CreateMember();
        Assert.IsType<AdoptGuestResult.Adopted>(await member.AdoptGuest(guestId));
        return member.GetPrimaryKey();
    }
}
