using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Accounts;

public sealed class AccountOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new AccountOptions();

        Assert.Equal(20, options.GuestsPerNetworkAndDay);
        Assert.Equal(
            (TimeSpan.FromHours(24), TimeSpan.FromHours(1), TimeSpan.FromMinutes(15)),
            (options.ConfirmationLifetime, options.ResetLifetime, options.PurgeAgainAfter));
    }

    [Theory]
    [InlineData("Accounts:GuestsPerNetworkAndDay", "1", "1000000", "0", "1000001")]
    [InlineData("Accounts:ConfirmationLifetime", "00:01:00", "7.00:00:00", "00:00:59.9999999", "7.00:00:00.0000001")]
    [InlineData("Accounts:ResetLifetime", "00:01:00", "1.00:00:00", "00:00:59.9999999", "1.00:00:00.0000001")]
    [InlineData("Accounts:PurgeAgainAfter", "00:00:01", "1.00:00:00", "00:00:00.9999999", "1.00:00:00.0000001")]
    public void Validation_AtItsEdges_TakesThemAndNamesTheKeyBeyond(string key, string least, string most, string below, string above)
    {
        Assert.Null(Validate(key, least));
        Assert.Null(Validate(key, most));
        var name = key.Split(':')[1];
        Assert.Contains(name, Validate(key, below), StringComparison.Ordinal);
        Assert.Contains(name, Validate(key, above), StringComparison.Ordinal);
    }

    private static string? Validate(string key, string value) => OptionsStartup.Validate(services => services.AddAccounts(), (key, value));
}
