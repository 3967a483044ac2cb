using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Plans;
using AX2Caption.Grains.Tests.Cluster;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.Grains.Tests.Plans;

public sealed class PlanTests
{
    private static readonly string[] Members = ["MaximumFileBytes", "MaximumDuration", "MaximumVideos", "Retention", "MaximumPinned", "Weight", "MaximumTasksAtWork"];

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var (guest, member) = (Of(AccountKind.Guest), Of(AccountKind.Member));

        Assert.Equal((1L << 30, TimeSpan.FromHours(1), 20), (guest.MaximumFileBytes, guest.MaximumDuration, guest.MaximumVideos));
        Assert.Equal((TimeSpan.FromDays(7), 0), (guest.Retention, guest.MaximumPinned));
        Assert.Equal((20L << 30, TimeSpan.FromHours(4), 100), (member.MaximumFileBytes, member.MaximumDuration, member.MaximumVideos));
        Assert.Equal((TimeSpan.FromDays(7), 10), (member.Retention, member.MaximumPinned));
        Assert.Equal((1.0, 8), (guest.Weight, guest.MaximumTasksAtWork));
        Assert.Equal((4.0, 64), (member.Weight, member.MaximumTasksAtWork));
    }

    [Fact]
    public void Of_AKind_IsConfiguredByItsOwnName()
    {
        var settings = ("Plans:Guest:MaximumVideos", "7");

        Assert.Equal((7, 100), (Of(AccountKind.Guest, settings).MaximumVideos, Of(AccountKind.Member, settings).MaximumVideos));
    }

    [Theory]
    [InlineData("1024", "00:00:01", "1", "00:00:01", "0", "0.01", "1")]
    [InlineData("1099511627776", "1.00:00:00", "100000", "3650.00:00:00", "100000", "1000", "10000")]
    public void Settings_AtTheirEdges_AreAccepted(params string[] values) => Assert.Null(Refusal(values));

    [Theory]
    [InlineData("1023", "00:00:00.9", "0", "00:00:00.9", "-1", "0.009", "0")]
    [InlineData("1099511627777", "1.00:00:01", "100001", "3650.00:00:01", "100001", "1000.1", "10001")]
    public void Settings_BeyondTheirEdges_AreAllNamedByKindAndKey(params string[] values)
    {
        var refusal = Refusal(values);

        Assert.All(
            from kind in Enum.GetNames<AccountKind>() from member in Members select $"Plans:{kind}:{member}",
            key => Assert.Contains(key, refusal, StringComparison.Ordinal));
    }

    private static string? Refusal(string[] values) => OptionsStartup.Validate(
        services => services.AddPlans(),
        from kind in Enum.GetNames<AccountKind>() from pair in Members.Zip(values) select ($"Plans:{kind}:{pair.First}", pair.Second));

    private static Plan Of(AccountKind kind, params (string Key, string Value)[] settings)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build())
            .AddPlans()
            .BuildServiceProvider();
        return services.GetRequiredService<Grains.Plans.Plans>().Of(kind);
    }
}
