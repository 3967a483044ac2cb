using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

public sealed class WebhookOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new WebhookOptions();

        Assert.Equal((5, 16, 2, 10), (options.MaximumPerAccount, options.Concurrency, options.ConcurrencyPerEndpoint, options.FailuresToProbe));
        Assert.Equal((4, 10_000, 10_000), (options.ConcurrencyPerAccount, options.MaximumPendingPerEndpoint, options.MaximumKeptPerEndpoint));
        Assert.Equal((TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(1)), (options.Timeout, options.PollInterval));
        Assert.Equal(
            (TimeSpan.FromSeconds(5), TimeSpan.FromHours(4), TimeSpan.FromDays(1)), (options.RetryDelay, options.MaximumRetryDelay, options.GiveUpAfter));
        Assert.Equal((TimeSpan.FromMinutes(1), TimeSpan.FromDays(5)), (options.ProbeInterval, options.DisableAfter));
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(30)), (options.PreviousSecretLifetime, options.KeepFor));
        Assert.False(options.AllowHttp);
        Assert.Empty(options.AllowedPorts.Concat(options.AllowedNetworks).Concat(options.RefusedNetworks));
    }

    [Theory]
    [InlineData("MaximumPerAccount", "1", "100", "0", "101")]
    [InlineData("Timeout", "00:00:01", "00:01:00", "00:00:00.9999999", "00:01:00.0000001")]
    [InlineData("PollInterval", "00:00:00.05", "00:01:00", "00:00:00.0499999", "00:01:00.0000001")]
    [InlineData("Concurrency", "1", "256", "0", "257")]
    [InlineData("ConcurrencyPerEndpoint", "1", "64", "0", "65")]
    [InlineData("ConcurrencyPerAccount", "1", "256", "0", "257")]
    [InlineData("MaximumPendingPerEndpoint", "1", "100000", "0", "100001")]
    [InlineData("MaximumKeptPerEndpoint", "1", "1000000", "0", "1000001")]
    [InlineData("RetryDelay", "00:00:00.1", "01:00:00", "00:00:00.0999999", "01:00:00.0000001")]
    [InlineData("MaximumRetryDelay", "00:00:05", "1.00:00:00", "00:00:00.9999999", "1.00:00:00.0000001")]
    [InlineData("GiveUpAfter", "00:01:00", "1.00:00:00", "00:00:59.9999999", "1.00:00:00.0000001")]
    [InlineData("FailuresToProbe", "1", "1000", "0", "1001")]
    [InlineData("ProbeInterval", "00:00:01", "01:00:00", "00:00:00.9999999", "01:00:00.0000001")]
    [InlineData("DisableAfter", "01:00:00", "90.00:00:00", "00:59:59.9999999", "90.00:00:00.0000001")]
    [InlineData("PreviousSecretLifetime", "00:00:00", "7.00:00:00", "-00:00:00.0000001", "7.00:00:00.0000001")]
    [InlineData("KeepFor", "01:00:00", "365.00:00:00", "00:59:59.9999999", "365.00:00:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate((key, least)));
        Assert.Null(Validate((key, most)));
        Assert.Contains($"Webhooks:{key}", Validate((key, below)), StringComparison.Ordinal);
        Assert.Contains($"Webhooks:{key}", Validate((key, above)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AllowedPorts:0", "0")]
    [InlineData("AllowedPorts:0", "65536")]
    [InlineData("AllowedPorts:0", "9000-8000")]
    [InlineData("AllowedPorts:0", "8000-")]
    [InlineData("AllowedPorts:0", "8000-8001-8002")]
    [InlineData("AllowedPorts:0", " 80")]
    [InlineData("AllowedPorts:0", "https")]
    [InlineData("AllowedNetworks:0", "10.20.0.0/33")]
    [InlineData("AllowedNetworks:0", "hooks.example.com")]
    [InlineData("RefusedNetworks:0", "everything")]
    public void Validation_WhatIsNoPortOrNetwork_IsNamed(string key, string value)
    {
        var refusal = Validate((key, value));

        Assert.Contains($"Webhooks:{key[..^2]} has '{value}'", refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AllowedPorts:0", "8443")]
    [InlineData("AllowedPorts:0", "1-65535")]
    [InlineData("AllowedNetworks:0", "10.20.0.0/16")]
    [InlineData("AllowedNetworks:0", "fd00::/8")]
    [InlineData("RefusedNetworks:0", "2001:db8::/32")]
    public void Validation_PortsAndNetworks_AreTaken(string key, string value) => Assert.Null(Validate((key, value)));

    [Fact]
    public void Validation_AMaximumBelowTheFirstWait_NamesBoth()
    {
        var refusal = Validate(("RetryDelay", "00:01:00"), ("MaximumRetryDelay", "00:00:59"));

        Assert.Contains("Webhooks:MaximumRetryDelay", refusal, StringComparison.Ordinal);
        Assert.Contains("Webhooks:RetryDelay", refusal, StringComparison.Ordinal);
    }

    private static string? Validate(params (string Key, string Value)[] settings) => OptionsStartup.Validate(
        services => services.AddWebhooks(), settings.Select(setting => ($"Webhooks:{setting.Key}", setting.Value)));
}
