using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public void KeepTasks_Unconfigured_IsAsDocumented() => Assert.Equal(TimeSpan.FromDays(30), new WorkOptions().KeepTasks);

    [Theory]
    [InlineData("30.00:00:00", true)]
    [InlineData("3650.00:00:00", true)]
    [InlineData("29.23:59:59", false)]
    [InlineData("3650.00:00:01", false)]
    public void KeepTasks_AtOrBeyondItsEdges_StartsOrDoesNot(string time, bool starts) =>
        Assert.Equal(starts, OptionsStartup.Validate(services => services.AddWork(), ("Worker:KeepTasks", time)) is null);

    [Fact]
    public void Pauses_Unset_AreTheDocumentedDefaults()
    {
        var options = new WorkOptions();

        Assert.Equal((3, TimeSpan.FromSeconds(2)), (options.MaximumAttempts, options.RetryDelay));
        Assert.Equal((TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10)), (options.OutageDelay, options.MaximumOutageDelay));
    }

    [Theory]
    [InlineData("00:00:00", "00:00:00.100", null)]
    [InlineData("01:00:00", "1.00:00:00", null)]
    [InlineData("00:10:00", "00:10:00", null)]
    [InlineData("00:00:00", "00:00:00.099", "Worker:MaximumOutageDelay must be between 00:00:00.100 and 1.00:00:00.")]
    [InlineData("00:00:00", "1.00:00:01", "Worker:MaximumOutageDelay must be between 00:00:00.100 and 1.00:00:00.")]
    [InlineData("01:00:01", "1.00:00:00", "Worker:OutageDelay must be between 00:00:00 and 01:00:00.")]
    [InlineData("00:10:01", "00:10:00", "Worker:OutageDelay must be at most Worker:MaximumOutageDelay.")]
    public void PausesOfOutages_AtTheEdges_AreTakenOrRefused(string first, string longest, string? refusal)
    {
        var said = OptionsStartup.Validate(
            services => services.AddLogging().AddGrainServices(),
            ("Mail:Folder", "/mails"), ("Worker:OutageDelay", first), ("Worker:MaximumOutageDelay", longest));

        if (refusal is null)
            Assert.Null(said);
        else
            Assert.Contains(refusal, said, StringComparison.Ordinal);
    }
}
