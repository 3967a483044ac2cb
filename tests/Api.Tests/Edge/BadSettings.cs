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

    [Fact]
    public async Task Keep_the_Silo_from_starting_and_are_all_named()
    {
        await using var service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Silo = new Dictionary<string, string>
            {
                ["ConnectionStrings__Silo"] = "",
                ["Cluster__SiloPort"] = "0",
                ["Cluster__Roles__0"] = "boss",
                ["Admin__Password"] = "short",
                ["Worker__LeaseDuration"] = "24h",
                ["Media__MaxStreams"] = "0",
                ["Plans__Guest__MaximumVideos"] = "0",
                ["Storage__Root"] = "here",
            },
        }, Cancellation);

        var (exitCode, output, errors) = await service.RunSiloCommand([], Cancellation);

        Assert.Equal((1, ""), (exitCode, output));
        var lines = errors.TrimEnd().Split('\n');
        Assert.Equal("The Silo cannot start with these settings:", lines[0]);
        string[] keys =
        [
            "Admin:Password", "Cluster:SiloPort", "ConnectionStrings:Silo", "Media:MaxStreams", "Plans:Guest:MaximumVideos", "Storage:Root",
            "Worker:LeaseDuration",
        ];
        Assert.Equal(keys, lines[1..].Select(line => line.Trim().Split(' ')[0].TrimEnd(':')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task That_do_not_parse_keep_the_Api_from_starting_and_are_named()
    {
        await using var service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["ConnectionStrings__Api"] = "the database",
                ["Uploads__Timeout"] = "2h",
                ["RateLimits__SignInsPerAddress"] = "0",
            },
        }, Cancellation);

        var (exitCode, output, errors) = await service.RunApiCommand([], Cancellation);

        Assert.Equal((1, ""), (exitCode, output));
        var lines = errors.TrimEnd().Split('\n');
        Assert.Equal("The Api cannot start with these settings:", lines[0]);
        Assert.Equal(
            ["ConnectionStrings:Api", "RateLimits:SignInsPerAddress", "Uploads:Timeout"],
            lines[1..].Select(line => line.Trim().Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(0, "--help")]
    [InlineData(1, "create-signing-keys", "folder")]
    [InlineData(1, "create-pepper")]
    public async Task And_commands_that_are_none_do_not_start_the_Api(int expected, params string[] arguments)
    {
        var (exitCode, output, errors) = await fixture.Service.RunApiCommand(arguments, Cancellation);

        Assert.Equal(expected, exitCode);
        Assert.Contains("AX2Caption.Api create-signing-key FOLDER", expected == 0 ? output : errors, StringComparison.Ordinal);
    }
}
