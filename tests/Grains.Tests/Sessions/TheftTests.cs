using AX2Caption.Grains.Sessions;
using CsCheck;
using static AX2Caption.Grains.Tests.Sessions.AnySession;

namespace AX2Caption.Grains.Tests.Sessions;

/// <summary>
/// Several hold tokens of one session and refresh when they like. Each knows only the answers that it got itself. The time
/// between two refreshes is drawn around the grace, on which everything turns.
/// </summary>
public sealed class TheftTests
{
    private static readonly int Maximum = Options.MaximumReplaysInRow;

    /// <summary>Changes of who refreshes: each generation of tokens has one when it is made and one when it is answered again.</summary>
    private static readonly int MaximumChanges = (2 * Maximum) + 1;

    private static readonly Gen<TimeSpan> Pause = Gen.Frequency(
        (20, Gen.Int[0, 1_000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (5, Gen.Int[0, 30_000].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (1, Gen.Int[29_999, 30_001].Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds))),
        (1, Gen.Int[1, 30].Select(minutes => TimeSpan.FromMinutes(minutes))));

    /// <summary>Whether the other one refreshes next, as most often, and after which pause.</summary>
    private static readonly Gen<(bool Other, TimeSpan After)[]> Turns = Gen.Select(Gen.Int[0, 30].Select(one => one > 0), Pause).Array[200];

    [Fact]
    public void ThiefAndOwner_WheneverTheyRefresh_NeverGoOnForEver() => Gen.Select(Turns, Gen.Int[0, 5], Gen.Bool).Sample((turns, before, byThief) =>
    {
        var family = new SharedFamily();
        var owner = family.Holder();
        for (var i = 0; i < before; i++)
            Assert.True(owner.Refresh());
        var thief = owner.Copy();
        var changes = 0;
        foreach (var (other, after) in turns)
        {
            family.Now += after;
            byThief ^= other;
            if (!(byThief ? thief : owner).Refresh())
                break;
            changes += other ? 1 : 0;
            Assert.InRange(changes, 0, MaximumChanges + 1);
        }

        Assert.Equal(SessionEnd.TokenReused, family.Session.EndReason);
        Assert.False(owner.Refresh());
        Assert.False(thief.Refresh());
    });

    [Fact]
    public void Thief_WhoFollowsWithinTheGraceEachTime_EndsTheSessionAfterTheMaximum() =>
        Gen.Select(Gen.Int[0, 30_000], Gen.Int[0, 3_600]).Array[Maximum + 1].Sample(pauses =>
        {
            var family = new SharedFamily();
            var owner = family.Holder();
            var thief = owner.Copy();
            for (var generation = 1; generation <= Maximum; generation++)
            {
                var (follows, rests) = pauses[generation - 1];
                family.Now += TimeSpan.FromSeconds(rests);
                Assert.True(owner.Refresh());
                family.Now += TimeSpan.FromMilliseconds(follows);
                Assert.True(thief.Refresh());
            }

            Assert.True(owner.Refresh());
            Assert.False(thief.Refresh());
            Assert.False(owner.Refresh());
            Assert.Equal(SessionEnd.TokenReused, family.Session.EndReason);
        });

    [Fact]
    public void Thief_WhoIsFirstEachTime_EndsTheSessionAfterTheMaximumToo()
    {
        var family = new SharedFamily();
        var owner = family.Holder();
        var thief = owner.Copy();
        var generations = 0;
        while (thief.Refresh() && owner.Refresh())
        {
            family.Now += TimeSpan.FromMinutes(14);
            generations++;
        }

        Assert.Equal(Maximum, generations);
        Assert.False(thief.Refresh());
    }

    [Fact]
    public void Tabs_ThatShareTheirTokensAndRefreshAtOnce_LiveOnForTheMaximumAtLeast() => Gen.Int[2, 10].Sample(tabs =>
    {
        var family = new SharedFamily();
        var storage = family.Holder();
        for (var generation = 1; generation <= Maximum; generation++)
        {
            var asking = Enumerable.Range(0, tabs).Select(_ => storage.Copy()).ToList();
            Assert.All(asking, tab => Assert.True(tab.Refresh()));
            Assert.Single(asking.Select(tab => Convert.ToHexString(tab.Token)).Distinct());
            storage = asking[0];
            family.Now += TimeSpan.FromMinutes(14);
        }
    });

    [Fact]
    public void OneDevice_AloneAndAlwaysInTime_LivesToTheAbsoluteLifetime()
    {
        var family = new SharedFamily();
        var device = family.Holder();
        while (family.Now < Start + Options.AbsoluteLifetime)
        {
            Assert.True(device.Refresh());
            family.Now += TimeSpan.FromMinutes(5);
        }

        Assert.False(device.Refresh());
        Assert.Null(family.Session.EndedAt);
    }

    [Fact]
    public void OneDevice_ThatLosesAnAnswerNowAndThenAndAsksAgain_LivesOn() => Gen.Int[0, 2].Array[1_000].Sample(
        losses =>
        {
            var family = new SharedFamily();
            var device = family.Holder();
            var inRow = 0;
            foreach (var lost in losses)
            {
                // A device that loses one answer of each for so long that it looks like theft has to sign in again; that is the price.
                inRow = lost == 0 ? 0 : inRow + 1;
                if (inRow > Maximum)
                    return;
                for (var i = 0; i < lost; i++)
                    Assert.True(device.Copy().Refresh());
                Assert.True(device.Refresh());
                family.Now += TimeSpan.FromMinutes(5);
            }
        },
        iter: 200);

    /// <summary>The session as the service has it, and the time.</summary>
    private sealed class SharedFamily
    {
        public Session Session { get; set; } = New();

        public DateTimeOffset Now { get; set; } = Start;

        public Holder Holder() => new(this, First);
    }

    /// <summary>Somebody who has a token.</summary>
    private sealed class Holder(SharedFamily family, byte[] token)
    {
        public byte[] Token { get; private set; } = token;

        public Holder Copy() => new(family, Token);

        /// <returns>Whether they are still signed in.</returns>
        public bool Refresh()
        {
            switch (family.Session.Show(Token, family.Now))
            {
                case SessionStep.Goes goes:
                    (family.Session, Token) = (goes.Session, goes.TokenSecret);
                    return true;
                case SessionStep.Ends ends:
                    family.Session = ends.Session;
                    return false;
                default:
                    return false;
            }
        }
    }
}
