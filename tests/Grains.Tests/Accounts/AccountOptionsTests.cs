using AX2Caption.Grains.Accounts;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Accounts;

public sealed class AccountOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation() => Assert.Equal(20, new AccountOptions().GuestsPerNetworkAndDay);

    [Theory]
    [InlineData("0")]
    [InlineData("1000001")]
    public void Validation_OutOfRange_NamesTheKey(string guests)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Accounts:GuestsPerNetworkAndDay"] = guests }).Build();
        var services = new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddAccounts();
        using var provider = services.BuildServiceProvider();

        var fault = Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains(nameof(AccountOptions.GuestsPerNetworkAndDay), fault.Message, StringComparison.Ordinal);
    }
}
