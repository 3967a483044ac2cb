using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;
using CsCheck;
using static AX2Caption.Grains.Tests.Jobs.AnyJob;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class CaptionJobProgressTests
{
    private static readonly Gen<Func<CaptionJob, CaptionJob?>> Step = Gen.Frequency(
        (4, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.Started(Now))),
        (4, Gen.Int[1, 60_000].Array[0, 400].Select<int[], Func<CaptionJob, CaptionJob?>>(
            chunks => job => job.Prepared([.. chunks.Select(chunk => TimeSpan.FromMilliseconds(chunk))], Now))),
        (40, Gen.Int[0, 60_000].Select<int, Func<CaptionJob, CaptionJob?>>(
            length => job => job.ChunkTranscribed(TimeSpan.FromMilliseconds(length), Now))),
        (4, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.Composed("jobs/x/output/y/", null, Now))),
        (1, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.Failed(new Failure("code", "Why."), Now))),
        (1, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.Canceled(Now))),
        (2, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.CreditDelivered())),
        (2, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.CreditLapsed())),
        (2, Gen.Const<Func<CaptionJob, CaptionJob?>>(job => job.WorkFilesDeleted())));

    [Fact]
    public void Progress_AnySequenceOfSteps_NeverGoesBackAndIsHundredOnlyForSuccess() => Step.List[0, 300].Sample(steps =>
    {
        var job = Queued;
        foreach (var step in steps)
        {
            var before = job.Progress;
            job = step(job) ?? job;
            Assert.InRange(job.Progress.Percent, before.Percent, 100);
            Assert.True(job.Progress.Stage >= before.Stage);
            Assert.True(job.Progress.ChunksDone >= before.ChunksDone);
            Assert.True(before.ChunksTotal is null || job.Progress.ChunksTotal == before.ChunksTotal);
            Assert.Equal(job.State == JobState.Succeeded, job.Progress.Percent == 100);
        }
    });
}
