using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Edge;

public sealed class BadSettings(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Keep_the_Api_from_starting_and_are_all_named()
    {
        await using var service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["Api__Url"] = "https://127.0.0.1:8443",
                ["Edge__TrustedProxies__0"] = "10.0.0.1/8",
                ["Edge__CorsOrigins__0"] = "*",
                ["Limits__MaximumHeaders"] = "15",
                ["RateLimits__SignInsPerAddress"] = "0",
            },
        }, Cancellation);

        var (exitCode, _, errors) = await service.RunApiCommand([], Cancellation);

        Assert.Equal(1, exitCode);
        Assert.Contains("Kestrel:Certificates:Default:Path must name", errors, StringComparison.Ordinal);
        Assert.Contains("Edge:TrustedProxies: '10.0.0.1/8'", errors, StringComparison.Ordinal);
        Assert.Contains("Edge:CorsOrigins: '*'", errors, StringComparison.Ordinal);
        Assert.Contains("Limits:MaximumHeaders must be", errors, StringComparison.Ordinal);
        Assert.Contains("RateLimits:SignInsPerAddress must be", errors, StringComparison.Ordinal);
    }
}
