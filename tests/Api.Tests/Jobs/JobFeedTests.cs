using AX2Caption.Api.Jobs;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class JobFeedTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly JobFeed Seen = JobFeed.Unseen.After(new JobChanges([], 10), Now);

    [Fact]
    public void After_TheFirstLook_KnowsThePositionAndNoChange()
    {
        var feed = JobFeed.Unseen.After(new JobChanges([Job(1)], 10), Now);

        Assert.Equal((10L, 0L), (feed.Position, feed.Changes));
        Assert.Empty(feed.Since(0));
    }

    [Fact]
    public void Since_AChange_TellsWhatCameAfterItInItsOrder()
    {
        var (first, second) = (Job(1), Job(1));
        var feed = Seen.After(new JobChanges([first], 11), Now);
        var counted = feed.Changes;
        feed = feed.After(new JobChanges([second, first with { Version = 2 }], 12), Now);

        Assert.Equal([second.JobId, first.JobId], feed.Since(counted).Select(job => job.JobId));
        // Of changes of one job, the last is left.
        Assert.Equal([second.JobId, first.JobId], feed.Since(0).Select(job => job.JobId));
        Assert.Equal(2, feed.Since(0)[1].Version);
        Assert.Empty(feed.Since(feed.Changes));
        Assert.Equal(12, feed.Position);
    }

    [Fact]
    public void After_WhatWasToldBefore_CountsNothing()
    {
        var job = Job(3);
        var feed = Seen.After(new JobChanges([job], 11), Now);

        var again = feed.After(new JobChanges([job, job with { Version = 2 }], 12), Now);

        Assert.Equal(feed.Changes, again.Changes);
        Assert.Equal(3, Assert.Single(again.Since(0)).Version);
    }

    [Fact]
    public void After_AWhile_ForgetsJobsThatEndedAndNoOthers()
    {
        var (ended, live) = (Job(5, JobState.Succeeded), Job(5));
        var feed = Seen.After(new JobChanges([ended, live], 11), Now);

        Assert.Equal(2, feed.After(new JobChanges([], 12), Now.AddMinutes(2)).Newest.Count);
        Assert.Equal([live.JobId], feed.After(new JobChanges([], 12), Now.AddMinutes(2.1)).Newest.Keys);
    }

    [Fact]
    public void LacksSome_AfterAnEndWasForgotten_IsSoForWhomIsBehindIt()
    {
        var feed = Seen.After(new JobChanges([Job(5), Job(5, JobState.Succeeded), Job(5)], 11), Now);
        Assert.False(feed.LacksSome(0));

        feed = feed.After(new JobChanges([], 12), Now.AddMinutes(3)).After(new JobChanges([Job(1)], 13), Now.AddMinutes(3));

        Assert.Equal([true, true, false, false], ((long[])[0, 1, 2, 3]).Select(feed.LacksSome));
    }

    private static JobSnapshot Job(long version, JobState state = JobState.Processing) => new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), state, "en", "netflix-en", 1, new JobProgress(JobStage.Prepare, 1, 0, null),
        null, null, Now, Now, null, Version: version);
}
