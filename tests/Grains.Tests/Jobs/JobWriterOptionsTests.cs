using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class JobWriterOptionsTests
{
    [Fact]
    public void JobWriterOptions_Unconfigured_HaveTheDocumentedDefaults()
    {
        var options = new JobWriterOptions();

        Assert.Equal((TimeSpan.FromSeconds(10), 40_000), (options.LockTimeout, options.MaximumPending));
        Assert.Equal(TimeSpan.FromMilliseconds(10), options.Pace);
    }

    [Theory]
    [InlineData("LockTimeout", "00:00:00.100", true)]
    [InlineData("LockTimeout", "00:00:15", true)]
    [InlineData("LockTimeout", "00:00:00.099", false)]
    [InlineData("LockTimeout", "00:00:15.001", false)]
    [InlineData("MaximumPending", "1", true)]
    [InlineData("MaximumPending", "1000000", true)]
    [InlineData("MaximumPending", "0", false)]
    [InlineData("MaximumPending", "1000001", false)]
    [InlineData("Pace", "00:00:00", true)]
    [InlineData("Pace", "00:00:01", true)]
    [InlineData("Pace", "-00:00:00.001", false)]
    [InlineData("Pace", "00:00:01.001", false)]
    public void JobWriterOptions_AtOrBeyondTheirEdges_StartOrDoNot(string name, string value, bool starts) =>
        Assert.Equal(starts, OptionsStartup.Validate(services => services.AddJobWriter("Host=127.0.0.1"), ($"Jobs:Writer:{name}", value)) is null);
}
