using AX2Caption.Captions;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Credits;

public sealed class PriceListTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(59_999, 1)]
    [InlineData(60_000, 1)]
    [InlineData(60_001, 2)]
    [InlineData(120_000, 2)]
    [InlineData(120_001, 3)]
    public void Of_CountsStartedMinutes(long milliseconds, long minutes) =>
        Assert.Equal(
            new JobPrice(minutes, PerStartedMinute: 1),
            new PriceList(Options.Create(new CreditOptions())).Of("pocketsphinx", "netflix", TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("pocketsphinx", "bbc", 7 + 2)]
    [InlineData("pocketsphinx", "netflix", 7)]
    [InlineData("another", "bbc", 3 + 2)]
    [InlineData("another", "netflix", 3)]
    public void Of_EngineAndProfile_HaveTheirPrices(string engine, string profile, long perMinute)
    {
        var options = new CreditOptions { PerStartedMinute = 3, Engines = { ["PocketSphinx"] = 7 }, Profiles = { ["bbc"] = 2 } };

        Assert.Equal(2 * perMinute, new PriceList(Options.Create(options)).Of(engine, profile, TimeSpan.FromMinutes(1.5)).Credits);
    }

    [Fact]
    public void Validate_PricesOfNothingOrOutOfRange_AreAllNamed()
    {
        var prices = new Dictionary<string, string?>
        {
            ["Credits:Engines:dictaphone"] = "1",
            ["Credits:Engines:pocketsphinx"] = "0",
            ["Credits:Profiles:comic-sans"] = "10001",
        };

        var refused = Assert.Throws<OptionsValidationException>(() => Read(prices));

        Assert.Equal(
            [
                "Credits:Engines:dictaphone is the price of nothing; known are pocketsphinx.",
                "Credits:Engines:pocketsphinx must be between 1 and 10000.",
                $"Credits:Profiles:comic-sans is the price of nothing; known are {string.Join(", ", LayoutProfiles.All.Select(profile => profile.Name))}, auto.",
                "Credits:Profiles:comic-sans must be between 0 and 10000.",
            ],
            refused.Failures);
    }

    [Fact]
    public void Validate_PricesAtTheirEdges_AreTaken()
    {
        var options = Read(new Dictionary<string, string?> { ["Credits:Engines:pocketsphinx"] = "1", ["Credits:Profiles:bbc"] = "0" });

        Assert.Equal((1, 0), (options.Engines["pocketsphinx"], options.Profiles["bbc"]));
    }

    private static CreditOptions Read(Dictionary<string, string?> settings)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddLogging()
            .AddTranscription()
            .AddCredits()
            .BuildServiceProvider();
        return services.GetRequiredService<IOptions<CreditOptions>>().Value;
    }
}
