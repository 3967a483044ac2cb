using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>A second Api of the service's cluster, with limits that a test can reach.</summary>
public sealed class LimitedApi(ServiceFixture fixture) : IAsyncLifetime
{
    public const int MaximumBodyBytes = 2048;
    public const int MaximumHeaders = 20;
    public const int MaximumHeaderBytes = 4096;
    public const int MaximumRequestLineBytes = 1024;
    public const int MaximumConnections = 24;
    public const int RequestsPerAccount = 12;
    public const int JobsPerAccount = 3;
    public const int UploadStartsPerGuest = 5;
    public const int UploadsPerAccount = 2;

    public CaptionService Service { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["Storage__Root"] = fixture.Service.ObjectFolder,
                ["Limits__MaximumBodyBytes"] = $"{MaximumBodyBytes}",
                ["Limits__MaximumHeaders"] = $"{MaximumHeaders}",
                ["Limits__MaximumHeaderBytes"] = $"{MaximumHeaderBytes}",
                ["Limits__MaximumRequestLineBytes"] = $"{MaximumRequestLineBytes}",
                ["Limits__MaximumConnections"] = $"{MaximumConnections}",
                ["Limits__HeaderTimeout"] = "00:00:08",
                ["Limits__KeepAliveTimeout"] = "00:00:08",
                ["Limits__MinimumBodyRateGrace"] = "00:00:08",
                ["RateLimits__RequestsPerAccount"] = $"{RequestsPerAccount}",
                ["RateLimits__JobsPerAccount"] = $"{JobsPerAccount}",
                ["RateLimits__UploadStartsPerGuest"] = $"{UploadStartsPerGuest}",
                ["RateLimits__UploadsPerAccount"] = $"{UploadsPerAccount}",
            },
        });
        Service.BeginApi();
        await Service.ApiReady();
    }

    public ValueTask DisposeAsync() => Service.DisposeAsync();

    /// <summary>A client with an account of its own.</summary>
    public async Task<CaptionClient> NewGuest()
    {
        var client = Service.CreateClient();
        await client.BecomeGuest(TestContext.Current.CancellationToken);
        return client;
    }
}

/// <summary>The tests that share a <see cref="LimitedApi"/>.</summary>
[CollectionDefinition(Name)]
public sealed class LimitedApiTests : ICollectionFixture<LimitedApi>
{
    public const string Name = "limited";
}
