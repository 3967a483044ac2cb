using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.AuditLog;

public sealed class AuditLogOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation() => Assert.Equal(TimeSpan.FromDays(365), new AuditLogOptions().KeepFor);

    [Theory]
    [InlineData("1.00:00:00", true)]
    [InlineData("3650.00:00:00", true)]
    [InlineData("23:59:59.9999999", false)]
    [InlineData("3650.00:00:00.0000001", false)]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string value, bool taken)
    {
        var refusal = OptionsStartup.Validate(services => services.AddAuditLog(), ("AuditLog:KeepFor", value));

        Assert.Equal(taken, refusal is null);
        if (!taken)
            Assert.Contains("AuditLog:KeepFor", refusal, StringComparison.Ordinal);
    }
}
