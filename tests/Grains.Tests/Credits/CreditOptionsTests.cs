using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

public sealed class CreditOptionsTests
{
    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new CreditOptions();

        Assert.Equal((30, 60), (options.GuestGrant, options.MemberGrant));
        Assert.Equal(1, options.PerStartedMinute);
        Assert.Empty(options.Engines);
        Assert.Empty(options.Profiles);
        Assert.Equal(TimeSpan.FromMinutes(15), options.QuoteLifetime);
        Assert.Equal(TimeSpan.FromHours(12), options.HoldLifetime);
        Assert.Equal((1000, 100), (options.MaximumOpenHoldsPerAccount, options.MaximumExpiringGrantsPerAccount));
    }

    [Fact]
    public void LedgerDefaults_AreThoseOfTheDocumentation()
    {
        var options = new LedgerOptions();

        Assert.Equal((10_000, 1_000), (options.MaximumPendingPerAccount, options.MaximumPerBatch));
        Assert.Equal((100_000, 1_000), (options.MaximumPending, options.MaximumPerCommit));
        Assert.Equal((TimeSpan.FromSeconds(15), TimeSpan.FromMilliseconds(10)), (options.CommitTimeout, options.Pace));
    }
}
