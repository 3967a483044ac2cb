using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults.Tests;

public sealed class HostDefaultsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Options_NotSet_HaveTheDocumentedDefaults()
    {
        var options = new LogOptions();

        Assert.Null(options.Directory);
        Assert.Equal(64L * 1024 * 1024, options.FileSizeLimit);
        Assert.Equal(14, options.RetainedFiles);
        Assert.Equal(LogLevel.Trace, options.ConsoleLevel);
    }

    [Theory]
    [InlineData("Logging:Directory", "relative")]
    [InlineData("Logging:FileSizeLimit", "0")]
    [InlineData("Logging:RetainedFiles", "0")]
    public async Task Option_Invalid_StopsTheStartAndIsNamed(string key, string value)
    {
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => TestHost.Start(Cancellation, settings: [(key, value)]));

        Assert.Contains(key, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ShutdownTimeout_IsAMinuteUnlessConfigured()
    {
        await using var usual = await TestHost.Start(Cancellation);
        await using var configured = await TestHost.Start(Cancellation, settings: [("shutdownTimeoutSeconds", "7")]);

        Assert.Equal(TimeSpan.FromMinutes(1), ShutdownTimeout(usual));
        Assert.Equal(TimeSpan.FromSeconds(7), ShutdownTimeout(configured));
    }

    [Fact]
    public async Task Culture_IsTheInvariantOneOnEveryMachine()
    {
        await using var host = await TestHost.Start(Cancellation);

        Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.DefaultThreadCurrentCulture);
        Assert.Equal(CultureInfo.InvariantCulture, CultureInfo.DefaultThreadCurrentUICulture);
    }

    [Fact]
    public void Text_IsNormalisedForReal()
    {
        var parts = "한글".Normalize(NormalizationForm.FormD);

        Assert.Equal(6, parts.Length);
        Assert.Equal("한글", parts.Normalize(NormalizationForm.FormC));
    }

    [Fact]
    public async Task LogLine_NamesItsService()
    {
        await using var host = await TestHost.Start(Cancellation);

        Logger(host, "AX2Caption.Sample").LogInformation("Counted {Count}", 3);

        var line = (await host.StopAndReadLog()).Single(line => line.GetProperty("@mt").GetString() == "Counted {Count}");
        Assert.Equal("sample", line.GetProperty("Service").GetString());
        Assert.Equal(3, line.GetProperty("Count").GetInt32());
    }

    [Fact]
    public async Task LogLevels_FollowTheConfigurationOverTheDefaults()
    {
        await using var host = await TestHost.Start(Cancellation, settings: [("Logging:LogLevel:AX2Caption", "Debug"), ("Logging:LogLevel:Orleans", "Error")]);

        Assert.True(Logger(host, "AX2Caption.Sample").IsEnabled(LogLevel.Debug));
        Assert.False(Logger(host, "Other").IsEnabled(LogLevel.Debug));
        Assert.True(Logger(host, "Other").IsEnabled(LogLevel.Information));
        Assert.False(Logger(host, "Microsoft.AspNetCore.Routing").IsEnabled(LogLevel.Information));
        Assert.False(Logger(host, "Orleans.Runtime").IsEnabled(LogLevel.Warning));
    }

    [Fact]
    public async Task LogFiles_AreBoundedInSizeAndCount()
    {
        await using var host = await TestHost.Start(Cancellation, settings: [("Logging:FileSizeLimit", "4096"), ("Logging:RetainedFiles", "3")]);

        for (var i = 0; i < 1_000; i++)
            Logger(host, "AX2Caption.Sample").LogInformation("Line {Number} of a log that is longer than it may be.", i);

        Assert.Equal(3, host.LogFiles().Count);
        Assert.All(host.LogFiles(), path => Assert.InRange(new FileInfo(path).Length, 0, 8192));
    }

    private static ILogger Logger(TestHost host, string category) =>
        host.Services.GetRequiredService<ILoggerFactory>().CreateLogger(category);

    private static TimeSpan ShutdownTimeout(TestHost host) =>
        host.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout;
}
