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

        Assert.Equal(Accounts[..3].Order(), changed.Take(10).Order());
    }

    [Fact]
    public void Add_TheSameAgain_TakesNoMoreRoom()
    {
        changed.Add([Accounts[0], Accounts[0], Accounts[0]]);
        changed.Add(Accounts[1..3]);

        Assert.Equal(3, changed.Take(10).Count);
    }

    [Fact]
    public void Take_Some_LeavesTheOthersForTheNextRound()
    {
        changed.Add(Accounts[..3]);

        var (first, second) = (changed.Take(2), changed.Take(2));

        Assert.Equal((2, 1), (first.Count, second.Count));
        Assert.Equal(Accounts[..3].Order(), first.Concat(second).Order());
        Assert.Equal(0, changed.Count);
    }

    [Fact]
    public void Defaults_AreThoseOfTheDocumentation()
    {
        var options = new AuditOptions();

        Assert.Equal(TimeSpan.FromSeconds(30), options.Interval);
        Assert.Equal((200L, 500, 100_000), (options.Depth, options.AccountsPerRound, options.MaximumRemembered));
    }
}
