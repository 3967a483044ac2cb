using AX2Caption.Grains.Media;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Work;

public sealed class WorkerRestTests
{
    private static readonly WorkOptions Settings = new();

    /// <summary>With what is drawn on top of it.</summary>
    private static readonly TimeSpan Rest = Settings.OutageDelay * 1.25;

    private readonly FakeTimeProvider time = new();
    private readonly Prerequisite prerequisite = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<Exception, bool> Faults => new()
    {
        { new SandboxUnavailableException("There is none."), true },
        { new MediaToolDisturbedException("It was killed."), true },
        { new IOException("No space left on device", 28), true },
        { new ObjectStoreFullException(new IOException("No space left on device", 28)), true },
        { new ObjectStoreFullException(), false },
        { new IOException("Something else.", 5), false },
        { new MediaUnreadableException("media_unreadable", "It does not decode."), false },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public void IsDueAfter_TheMachinesFaults_AndNoOthers(Exception fault, bool isDue) => Assert.Equal(isDue, WorkerRest.IsDueAfter(fault));

    [Fact]
    public void Take_NobodyAsked_IsOverAtOnce() => Assert.True(New().Take(Ct).IsCompletedSuccessfully);

    [Fact]
    public async Task Take_Asked_IsOverAfterAPauseAndNotTakenAgain()
    {
        var rest = New();
        rest.Ask();

        var taken = rest.Take(Ct);
        // Nobody has found anything missing: it does not count as gone.
        Assert.Equal((false, false), (taken.IsCompleted, rest.IsUnfit));
        time.Advance(Rest);
        await taken;

        Assert.Equal(1, prerequisite.Checks);
        Assert.True(rest.Take(Ct).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Take_WhatIsNeededIsMissing_LastsUntilItIsThere()
    {
        prerequisite.IsMissing = true;
        var rest = New();
        rest.Ask();

        var taken = rest.Take(Ct);
        time.Advance(Rest);
        Assert.Equal((false, true), (taken.IsCompleted, rest.IsUnfit));
        prerequisite.IsMissing = false;
        time.Advance(Rest);
        await taken;

        Assert.Equal((2, false), (prerequisite.Checks, rest.IsUnfit));
    }

    [Fact]
    public async Task Take_WithoutAPauseOfOutages_StillLastsASecond()
    {
        var rest = New(new WorkOptions { OutageDelay = TimeSpan.Zero });
        rest.Ask();

        var taken = rest.Take(Ct);
        // The least that is drawn.
        time.Advance(TimeSpan.FromMilliseconds(749));
        Assert.False(taken.IsCompleted);
        time.Advance(TimeSpan.FromMilliseconds(501));
        await taken;
    }

    private WorkerRest New(WorkOptions? settings = null) =>
        new(new WorkerPrerequisites([prerequisite]), Options.Create(settings ?? Settings), time, NullLogger<WorkerRest>.Instance);

    private sealed class Prerequisite : IWorkerPrerequisite
    {
        public bool IsMissing { get; set; }

        public int Checks { get; private set; }

        public Task Check(CancellationToken cancellationToken)
        {
            Checks++;
            return IsMissing ? throw new SandboxUnavailableException("There is none.") : Task.CompletedTask;
        }
    }
}
