using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

public sealed class CreditOptionsTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(59_999, 1)]
    [InlineData(60_000, 1)]
    [InlineData(60_001, 2)]
    [InlineData(120_000, 2)]
    [InlineData(120_001, 3)]
    public void PriceOf_CountsStartedMinutes(long milliseconds, long price) =>
        Assert.Equal(price, new CreditOptions().PriceOf(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void PriceOf_OtherRate_MultipliesStartedMinutes() =>
        Assert.Equal(14, new CreditOptions { PerStartedMinute = 7 }.PriceOf(TimeSpan.FromMilliseconds(60_001)));

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new CreditOptions();

        Assert.Equal(30, options.GuestGrant);
        Assert.Equal(1, options.PerStartedMinute);
        Assert.Equal(TimeSpan.FromDays(7), options.HoldLifetime);
    }
}
