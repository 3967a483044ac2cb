using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Retention;

public sealed class RetentionOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation() => Assert.Equal(TimeSpan.FromDays(1), new RetentionOptions().StayAfterUnpinning);

    [Theory]
    [InlineData("00:00:00", "3650.00:00:00", "-00:00:00.0000001", "3650.00:00:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string least, string most, string below, string above)
    {
        Assert.Null(Validate(least));
        Assert.Null(Validate(most));
        Assert.Contains(nameof(RetentionOptions.StayAfterUnpinning), Validate(below), StringComparison.Ordinal);
        Assert.Contains(nameof(RetentionOptions.StayAfterUnpinning), Validate(above), StringComparison.Ordinal);
    }

    private static string? Validate(string value) =>
        OptionsStartup.Validate(services => services.AddRetention(), ("Retention:StayAfterUnpinning", value));
}
