using AX2Caption.Grains.Auditing;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Auditing;

public sealed class ChangedAccountsTests
{
    private static readonly Guid[] Accounts = [.. Enumerable.Range(0, 4).Select(_ => Guid.CreateVersion7())];

    private readonly ChangedAccounts changed = new(Options.Create(new AuditOptions { MaximumRemembered = 3 }));

    [Fact]
    public void Add_AsManyAsAreRemembered_AreThereAndOneMoreIsNot()
    {
        changed.Add(Accounts[..3]);
        changed.Add([Accounts[3]]);

        Assert.Equal(Accounts[..3].Order(), changed.Take().Order());
    }

    [Fact]
    public void Add_TheSameAgain_TakesNoMoreRoom()
    {
        changed.Add([Accounts[0], Accounts[0], Accounts[0]]);
        changed.Add(Accounts[1..3]);

        Assert.Equal(3, changed.Take().Count);
    }

    [Fact]
    public void Take_LeavesNoneButWhoChangesAfterwards()
    {
        changed.Add(Accounts[..2]);

        var first = changed.Take();
        changed.Add(Accounts[1..3]);

        Assert.Equal(Accounts[..2].Order(), first.Order());
        Assert.Equal(Accounts[1..3].Order(), changed.Take().Order());
        Assert.Empty(changed.Take());
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new AuditOptions();

        Assert.Equal(TimeSpan.FromSeconds(30), options.Interval);
        Assert.Equal((200L, 500, 100_000), (options.Depth, options.AccountsPerRound, options.MaximumRemembered));
    }
}
