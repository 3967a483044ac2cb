using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class JobOptionsTests
{
    [Fact]
    public void JobOptions_Unconfigured_HaveTheDocumentedDefaults()
    {
        var options = new JobOptions();

        Assert.Equal((TimeSpan.FromHours(24), 20, 7), (options.Deadline, options.MaximumLiveJobsPerAccount, options.ExpectedSpeed));
    }

    [Theory]
    [InlineData("0.01", true)]
    [InlineData("10000", true)]
    [InlineData("0.009", false)]
    [InlineData("10001", false)]
    public void JobOptions_ASpeedAtOrBeyondItsEdges_StartsOrDoesNot(string speed, bool starts) =>
        Assert.Equal(starts, OptionsStartup.Validate(services => services.AddJobs(), ("Jobs:ExpectedSpeed", speed)) is null);
}
