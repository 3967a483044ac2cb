using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

public sealed class WorkOptionsTests
{
    [Fact]
    public void UnknownTaskDelay_Unconfigured_IsAsDocumented() => Assert.Equal(TimeSpan.FromMinutes(1), new WorkOptions().UnknownTaskDelay);

    [Theory]
    [InlineData("00:00:01", true)]
    [InlineData("01:00:00", true)]
    [InlineData("00:00:00.999", false)]
    [InlineData("01:00:00.001", false)]
    public void UnknownTaskDelay_AtOrBeyondItsEdges_StartsOrDoesNot(string delay, bool starts) =>
        Assert.Equal(starts, OptionsStartup.Validate(services => services.AddWork(), ("Worker:UnknownTaskDelay", delay)) is null);
}
