using AX2Caption.Grains.Passwords;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Passwords;

public sealed class PasswordOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new PasswordOptions();

        Assert.Equal((12, 32), (options.WorkFactor, options.MaximumWaiting));
        Assert.Equal(Math.Clamp(Environment.ProcessorCount / 2, 1, 64), options.MaximumConcurrent);
    }

    [Theory]
    [InlineData("Passwords:WorkFactor", "4", "16", "3", "17")]
    [InlineData("Passwords:MaximumConcurrent", "1", "64", "0", "65")]
    [InlineData("Passwords:MaximumWaiting", "0", "10000", "-1", "10001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate(key, least));
        Assert.Null(Validate(key, most));
        Assert.Contains(key, Validate(key, below), StringComparison.Ordinal);
        Assert.Contains(key, Validate(key, above), StringComparison.Ordinal);
    }

    private static string? Validate(string key, string value) => OptionsStartup.Validate(services => services.AddPasswords(), (key, value));
}
