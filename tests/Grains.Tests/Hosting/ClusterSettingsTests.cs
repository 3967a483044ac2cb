using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Silo.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace AX2Caption.Grains.Tests.Hosting;

/// <summary>How silos find out which of them are dead.</summary>
public sealed class ClusterSettingsTests
{
    [Fact]
    public void ClusterSettings_Unconfigured_HaveTheDocumentedDefaults()
    {
        var membership = Membership();

        Assert.Equal(
            (TimeSpan.FromMilliseconds(500), 3, TimeSpan.FromSeconds(5)),
            (membership.ProbeTimeout, membership.NumMissedProbesLimit, membership.TableRefreshTimeout));
    }

    [Fact]
    public void ClusterSettings_Configured_AreOrleansOwn()
    {
        var membership = Membership(("Cluster:ProbeTimeout", "00:00:02"), ("Cluster:MissedProbes", "5"), ("Cluster:MembershipRefresh", "00:00:20"));

        Assert.Equal(
            (TimeSpan.FromSeconds(2), 5, TimeSpan.FromSeconds(20)),
            (membership.ProbeTimeout, membership.NumMissedProbesLimit, membership.TableRefreshTimeout));
    }

    [Theory]
    [InlineData("ProbeTimeout", "00:00:00.200", true)]
    [InlineData("ProbeTimeout", "00:01:00", true)]
    [InlineData("ProbeTimeout", "00:00:00.199", false)]
    [InlineData("ProbeTimeout", "00:01:00.001", false)]
    [InlineData("MissedProbes", "1", true)]
    [InlineData("MissedProbes", "20", true)]
    [InlineData("MissedProbes", "0", false)]
    [InlineData("MissedProbes", "21", false)]
    [InlineData("MembershipRefresh", "00:00:01", true)]
    [InlineData("MembershipRefresh", "00:01:00", true)]
    [InlineData("MembershipRefresh", "00:00:00.999", false)]
    [InlineData("MembershipRefresh", "00:01:00.001", false)]
    [InlineData("MaximumClockError", "00:00:01", true)]
    [InlineData("MaximumClockError", "01:00:00", true)]
    [InlineData("MaximumClockError", "00:00:00.999", false)]
    [InlineData("MaximumClockError", "01:00:00.001", false)]
    public void ClusterSettings_AtOrBeyondTheirEdges_StartOrDoNot(string setting, string value, bool starts) => Assert.Equal(
        starts,
        OptionsStartup.Validate(
            services => services.AddOptions<ClusterSettings>().BindConfiguration(ClusterSettings.Section).ValidateDataAnnotations().ValidateOnStart(),
            ($"Cluster:{setting}", value)) is null);

    private static ClusterMembershipOptions Membership(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value));
        builder.AddCluster();
        using var services = builder.Services.BuildServiceProvider();
        return services.GetRequiredService<IOptions<ClusterMembershipOptions>>().Value;
    }
}
