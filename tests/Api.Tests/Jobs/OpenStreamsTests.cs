using AX2Caption.Api.Jobs;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class OpenStreamsTests
{
    private readonly OpenStreams open = new(Options.Create(new StreamOptions { PerAccount = 2, PerAddress = 3 }));

    [Fact]
    public void TryOpen_AsManyAsAnAccountMay_RefusesTheNextUntilOneIsClosed()
    {
        var account = Guid.CreateVersion7();
        using var first = open.TryOpen(account, "one");
        var second = open.TryOpen(account, "two");

        Assert.NotNull(second);
        Assert.Null(open.TryOpen(account, "three"));
        second.Dispose();
        second.Dispose();
        using var third = open.TryOpen(account, "three");
        Assert.NotNull(third);
        Assert.Null(open.TryOpen(account, "three"));
    }

    [Fact]
    public void TryOpen_AsManyAsANetworkMay_RefusesTheNextOfAnyAccount()
    {
        var opened = Enumerable.Range(0, 3).Select(_ => open.TryOpen(Guid.CreateVersion7(), "one")).ToList();

        Assert.DoesNotContain(null, opened);
        Assert.Null(open.TryOpen(Guid.CreateVersion7(), "one"));
        using var elsewhere = open.TryOpen(Guid.CreateVersion7(), "two");
        Assert.NotNull(elsewhere);
        opened[0]!.Dispose();
        Assert.NotNull(open.TryOpen(Guid.CreateVersion7(), "one"));
    }
}
