using AX2Caption.Api.Edge;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Tests.Edge;

public sealed class EdgeOptionsTests
{
    [Theory]
    [InlineData("Production", true)]
    [InlineData("Development", false)]
    [InlineData("Staging", false)]
    public void Options_Unconfigured_TrustNobodyAndRequireHttpsInProduction(string environment, bool requireHttps)
    {
        var edge = Read(environment);

        Assert.Equal(requireHttps, edge.RequireHttps);
        Assert.Null(edge.PublicUrl);
        Assert.Empty(edge.TrustedProxies);
        Assert.Empty(edge.AllowedHosts);
        Assert.Empty(edge.CorsOrigins);
    }

    [Theory]
    [InlineData("Production", false)]
    [InlineData("Development", true)]
    public void RequireHttps_Configured_WinsOverTheEnvironment(string environment, bool configured) =>
        Assert.Equal(configured, Read(environment, ("Edge:RequireHttps", $"{configured}")).RequireHttps);

    [Theory]
    [InlineData("TrustedProxies:0", "127.0.0.1")]
    [InlineData("TrustedProxies:0", "::1")]
    [InlineData("TrustedProxies:0", "10.0.0.0/8")]
    [InlineData("TrustedProxies:0", "fd00::/8")]
    [InlineData("AllowedHosts:0", "captions.example")]
    [InlineData("AllowedHosts:0", "*.captions.example")]
    [InlineData("AllowedHosts:0", "192.0.2.1")]
    [InlineData("AllowedHosts:0", "[::1]")]
    [InlineData("CorsOrigins:0", "https://app.example")]
    [InlineData("CorsOrigins:0", "http://localhost:3000")]
    [InlineData("CorsOrigins:0", "https://[2001:db8::1]:8443")]
    [InlineData("PublicUrl", "https://captions.example")]
    [InlineData("PublicUrl", "https://captions.example:8443")]
    public void Validator_AUsableEntry_IsAccepted(string key, string value) => Read("Production", ($"Edge:{key}", value));

    [Theory]
    [InlineData("TrustedProxies:0", "")]
    [InlineData("TrustedProxies:0", "proxy.example")]
    [InlineData("TrustedProxies:0", "1")]
    [InlineData("TrustedProxies:0", "0x7f.1")]
    [InlineData("TrustedProxies:0", "10.0.0.1/8")]
    [InlineData("TrustedProxies:0", "10.0.0.0/33")]
    [InlineData("TrustedProxies:0", "0.0.0.0/0")]
    [InlineData("TrustedProxies:0", "::/0")]
    [InlineData("TrustedProxies:0", "127.0.0.1:80")]
    [InlineData("AllowedHosts:0", "")]
    [InlineData("AllowedHosts:0", "*")]
    [InlineData("AllowedHosts:0", "captions.example:8080")]
    [InlineData("AllowedHosts:0", "https://captions.example")]
    [InlineData("AllowedHosts:0", "captions.*")]
    [InlineData("AllowedHosts:0", "::1")]
    [InlineData("CorsOrigins:0", "")]
    [InlineData("CorsOrigins:0", "*")]
    [InlineData("CorsOrigins:0", "null")]
    [InlineData("CorsOrigins:0", "https://*.example")]
    [InlineData("CorsOrigins:0", "app.example")]
    [InlineData("CorsOrigins:0", "https://app.example/")]
    [InlineData("CorsOrigins:0", "https://app.example:443")]
    [InlineData("CorsOrigins:0", "https://App.example")]
    [InlineData("CorsOrigins:0", "https://bücher.example")]
    [InlineData("CorsOrigins:0", "https://user@app.example")]
    [InlineData("CorsOrigins:0", "ftp://app.example")]
    [InlineData("PublicUrl", "captions.example")]
    [InlineData("PublicUrl", "https://captions.example/path")]
    [InlineData("PublicUrl", "http://captions.example")]
    public void Validator_AnUnusableEntry_IsNamed(string key, string value)
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read("Production", ($"Edge:{key}", value)));

        var failure = Assert.Single(exception.Failures);
        Assert.StartsWith($"Edge:{key.Split(':')[0]}: ", failure, StringComparison.Ordinal);
        Assert.Contains($"'{value}'", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void Validator_SeveralUnusableEntries_AreAllNamed()
    {
        var exception = Assert.Throws<OptionsValidationException>(() => Read(
            "Production", ("Edge:TrustedProxies:0", "a"), ("Edge:TrustedProxies:1", "b"), ("Edge:CorsOrigins:0", "*"), ("Edge:AllowedHosts:0", "*")));

        Assert.Equal(4, exception.Failures.Count());
    }

    private static EdgeOptions Read(string environment, params (string Key, string Value)[] settings)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build());
        services.AddSingleton<IHostEnvironment>(new NamedEnvironment { EnvironmentName = environment });
        services.AddEdge();
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<IOptions<EdgeOptions>>().Value;
    }

    private sealed class NamedEnvironment : IHostEnvironment
    {
        public required string EnvironmentName { get; set; }

        public string ApplicationName { get; set; } = "";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
