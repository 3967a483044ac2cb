using AX2Caption.Grains.Sessions;
using static AX2Caption.Grains.Tests.Sessions.AnySession;

namespace AX2Caption.Grains.Tests.Sessions;

public sealed class SessionTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Refresh_NewestToken_PutsAnotherInItsPlace()
    {
        var step = New().Goes(First, Start + Hour);

        Assert.NotEqual(First, step.TokenSecret);
        Assert.Equal(32, step.TokenSecret.Length);
        Assert.Equal(Start + Hour, step.Session.RotatedAt);
        Assert.Equal(Start + Hour + Options.IdleLifetime, step.Session.IdleExpiresAt);
        Assert.Equal(Start + Options.AbsoluteLifetime, step.Session.ExpiresAt);
        Assert.NotEqual(step.TokenSecret, step.Session.Goes(step.TokenSecret, Start + Hour).TokenSecret);
    }

    [Fact]
    public void Refresh_WithoutAnyOtherNonce_NoTwoTokensAreAlike()
    {
        var (session, token) = (New(), First);
        var tokens = new HashSet<string> { Convert.ToHexString(token) };
        for (var i = 0; i < 100; i++)
        {
            var step = Assert.IsType<SessionStep.Goes>(session.Refresh(Family, token, Secret(3), Options, Start, Guid.CreateVersion7()));
            (session, token) = (step.Session, step.TokenSecret);
            Assert.True(tokens.Add(Convert.ToHexString(token)));
        }
    }

    [Fact]
    public void Refresh_ParentWithinTheGrace_AnswersTheSameAgainAndAgain()
    {
        var first = New().Goes(First, Start);
        var session = first.Session;
        for (var i = 0; i <= Options.ParentGrace.TotalSeconds; i++)
        {
            var again = session.Goes(First, Start.AddSeconds(i));
            Assert.Equal(first.TokenSecret, again.TokenSecret);
            Assert.Equal((1, true), (again.Session.ReplaysInRow, again.Session.Replayed));
            // The answer that was lost prolongs nothing, the grace least of all.
            Assert.Equal((first.Session.RotatedAt, first.Session.IdleExpiresAt), (again.Session.RotatedAt, again.Session.IdleExpiresAt));
            session = again.Session;
        }

        session.Goes(first.TokenSecret, Start + Hour);
    }

    [Fact]
    public void Refresh_ParentSaidAgainByTheCallThatUsedIt_IsAnsweredHoweverLate()
    {
        var call = Guid.CreateVersion7();
        var first = Assert.IsType<SessionStep.Goes>(New().Show(First, Start, callId: call));

        var late = Assert.IsType<SessionStep.Goes>(first.Session.Show(First, Start + Hour, callId: call));

        Assert.Equal(first.TokenSecret, late.TokenSecret);
        Assert.Equal(first.Session, late.Session);
        var second = first.Session.Goes(first.TokenSecret, Start + Hour);
        Assert.IsType<SessionStep.Ends>(second.Session.Show(First, Start + Hour, callId: call));
    }

    [Fact]
    public void Refresh_ParentAtTheEdgeOfTheGrace_IsAnsweredAtItAndEndsAfterIt()
    {
        var session = New().Goes(First, Start).Session;

        session.Goes(First, Start + Options.ParentGrace);
        session.Ends(First, Start + Options.ParentGrace + Tick);
    }

    [Fact]
    public void Refresh_ParentAfterTheGrace_EndsTheNewestTokenToo()
    {
        var step = New().Goes(First, Start);

        var ended = step.Session.Ends(First, Start + Hour);

        Assert.IsType<SessionStep.EndedBefore>(ended.Show(step.TokenSecret, Start + Hour));
        Assert.IsType<SessionStep.EndedBefore>(ended.Show(First, Start + Hour));
    }

    [Fact]
    public void Refresh_GrandparentWithinTheGrace_EndsTheSession()
    {
        var second = New().Goes(First, Start);
        var third = second.Session.Goes(second.TokenSecret, Start);

        third.Session.Goes(second.TokenSecret, Start);
        third.Session.Ends(First, Start);
    }

    [Fact]
    public void Refresh_AnyOlderTokenAfterTheGrace_EndsTheSession()
    {
        var (session, tokens) = (New(), new List<byte[]> { First });
        for (var i = 0; i < 10; i++)
        {
            var step = session.Goes(tokens[^1], Start);
            session = step.Session;
            tokens.Add(step.TokenSecret);
        }

        Assert.All(tokens.SkipLast(1), old => session.Ends(old, Start + Hour));
        session.Goes(tokens[^1], Start + Hour);
    }

    [Fact]
    public void Refresh_TokenThatNeverWas_EndsTheSessionOfItsFamily()
    {
        var fresh = New();
        fresh.Ends(Secret(99), Start);
        fresh.Ends([], Start);
        fresh.Goes(First, Start).Session.Ends(Secret(99), Start);
    }

    [Fact]
    public void Refresh_AnotherFamily_DoesNothing()
    {
        var session = New();
        Assert.IsType<SessionStep.NotAToken>(session.Show(First, Start, family: Secret(99)));
        Assert.IsType<SessionStep.NotAToken>(session.Show(Secret(98), Start, family: Secret(99)));
        Assert.IsType<SessionStep.NotAToken>(session.Show(First, Start, family: []));
        Assert.IsType<SessionStep.NotAToken>(session.Ended(SessionEnd.SignedOut, Start).Show(First, Start, family: Secret(99)));
    }

    [Fact]
    public void Refresh_NobodyRefreshedForTheIdleLifetime_IsTooLate()
    {
        var session = New();
        var used = session.Goes(First, Start + Options.IdleLifetime - Tick);

        Assert.IsType<SessionStep.EndedBefore>(session.Show(First, Start + Options.IdleLifetime));
        used.Session.Goes(used.TokenSecret, Start + (2 * Options.IdleLifetime) - (2 * Tick));
        Assert.IsType<SessionStep.EndedBefore>(used.Session.Show(used.TokenSecret, Start + (2 * Options.IdleLifetime) - Tick));
    }

    [Fact]
    public void Refresh_HoweverBusy_TheAbsoluteLifetimeEndsIt()
    {
        var (session, token) = (New(), First);
        for (var at = Start; at < Start + Options.AbsoluteLifetime; at += Hour)
        {
            var step = session.Goes(token, at);
            (session, token) = (step.Session, step.TokenSecret);
        }

        session.Goes(token, Start + Options.AbsoluteLifetime - Tick);
        Assert.IsType<SessionStep.EndedBefore>(session.Show(token, Start + Options.AbsoluteLifetime));
    }

    [Fact]
    public void Refresh_OldTokenOfASessionThatRanOut_IsNoTheft() =>
        Assert.IsType<SessionStep.EndedBefore>(New().Goes(First, Start).Session.Show(First, Start + Options.AbsoluteLifetime));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    public void Refresh_ParentOfEachGeneration_IsAnsweredSoOftenInARowAndNoMore(int maximum)
    {
        var options = new SessionOptions { MaximumReplaysInRow = maximum };
        var (session, token) = (New(), First);
        for (var generation = 1; ; generation++)
        {
            var rotated = Assert.IsType<SessionStep.Goes>(session.Show(token, Start, options: options));
            var replay = rotated.Session.Show(token, Start, options: options);
            if (generation > maximum)
            {
                Assert.IsType<SessionStep.Ends>(replay);
                return;
            }

            // Many times in one generation counts once.
            replay = Assert.IsType<SessionStep.Goes>(Assert.IsType<SessionStep.Goes>(replay).Session.Show(token, Start, options: options));
            (session, token) = (((SessionStep.Goes)replay).Session, rotated.TokenSecret);
        }
    }

    [Fact]
    public void Refresh_OneGenerationThatNobodyAskedForTwice_BeginsTheCountAnew()
    {
        var options = new SessionOptions { MaximumReplaysInRow = 2 };
        var (session, token) = (New(), First);
        for (var generation = 1; generation <= 30; generation++)
        {
            var step = Assert.IsType<SessionStep.Goes>(session.Show(token, Start, options: options));
            if (generation % 3 != 0)
                step = step with { Session = Assert.IsType<SessionStep.Goes>(step.Session.Show(token, Start, options: options)).Session };
            (session, token) = (step.Session, step.TokenSecret);
        }
    }
}
