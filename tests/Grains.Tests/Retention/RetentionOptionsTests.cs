using AX2Caption.Grains.Retention;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Retention;

public sealed class RetentionOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation() => Assert.Equal(
        (TimeSpan.FromDays(1), TimeSpan.FromHours(3)),
        (new RetentionOptions().StayAfterUnpinning, new RetentionOptions().LookAgainAfter));

    [Theory]
    [InlineData("StayAfterUnpinning", "00:00:00", "3650.00:00:00", "-00:00:00.0000001", "3650.00:00:00.0000001")]
    [InlineData("LookAgainAfter", "00:00:01", "30.00:00:00", "00:00:00.9999999", "30.00:00:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate(key, least));
        Assert.Null(Validate(key, most));
        Assert.Contains(key, Validate(key, below), StringComparison.Ordinal);
        Assert.Contains(key, Validate(key, above), StringComparison.Ordinal);
    }

    private static string? Validate(string key, string value) =>
        OptionsStartup.Validate(services => services.AddRetention(), ($"Retention:{key}", value));
}
