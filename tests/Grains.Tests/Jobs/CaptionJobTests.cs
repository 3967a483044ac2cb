using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;
using static AX2Caption.Grains.Tests.Jobs.AnyJob;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class CaptionJobTests
{
    private static readonly Failure Reason = new("worker_lost", "The work was interrupted too often.");

    private static readonly TimeSpan Chunk = TimeSpan.FromSeconds(30);

    private static readonly CaptionJob Preparing = Queued.Started(Now)!;
    private static readonly CaptionJob Transcribing = Preparing.Prepared(Chunks(2), Now)!;
    private static readonly CaptionJob Composing = Transcribing.ChunkTranscribed(Chunk, Now)!.ChunkTranscribed(Chunk, Now)!;
    private static readonly CaptionJob Succeeded = Composing.Composed("jobs/x/output/y/", null, Now)!;
    private static readonly CaptionJob Failed = Transcribing.Failed(Reason, Now)!;
    private static readonly CaptionJob Canceled = Queued.Canceled(Now)!;

    private static readonly Dictionary<string, CaptionJob> Jobs = new()
    {
        ["queued"] = Queued,
        ["preparing"] = Preparing,
        ["transcribing"] = Transcribing,
        ["composing"] = Composing,
        ["succeeded, owing"] = Succeeded,
        ["succeeded, settled"] = Succeeded.CreditDelivered()!.WorkFilesDeleted()!,
        ["failed, owing"] = Failed,
        ["failed, released"] = Failed.CreditDelivered()!.WorkFilesDeleted()!,
        ["canceled, owing"] = Canceled,
        ["canceled, released"] = Canceled.CreditDelivered()!,
        ["canceled, lapsed"] = Canceled.CreditLapsed()!,
        ["succeeded, purged"] = Succeeded.CreditDelivered()!.WorkFilesDeleted()!.Purged(Now)!,
    };

    private static readonly string[] Live = ["queued", "preparing", "transcribing", "composing"];
    private static readonly string[] Owing = ["succeeded, owing", "failed, owing", "canceled, owing"];

    private static readonly Dictionary<string, (Func<CaptionJob, CaptionJob?> Step, string[] From)> Steps = new()
    {
        ["started"] = (job => job.Started(Now), ["queued"]),
        ["prepared"] = (job => job.Prepared(Chunks(3), Now), ["preparing"]),
        ["chunk transcribed"] = (job => job.ChunkTranscribed(Chunk, Now), ["transcribing"]),
        ["composed"] = (job => job.Composed("jobs/x/output/z/", null, Now), ["composing"]),
        ["failed"] = (job => job.Failed(Reason, Now), Live),
        ["canceled"] = (job => job.Canceled(Now), Live),
        ["credit delivered"] = (job => job.CreditDelivered(), Owing),
        ["credit lapsed"] = (job => job.CreditLapsed(), Owing),
        ["purged"] = (job => job.Purged(Now), [.. Owing, "succeeded, settled", "failed, released", "canceled, released", "canceled, lapsed"]),
        ["work files deleted"] = (job => job.WorkFilesDeleted(), ["succeeded, owing", "failed, owing"]),
    };

    public static TheoryData<string, string> EveryStepInEveryState =>
        [.. from step in Steps.Keys from state in Jobs.Keys select new TheoryDataRow<string, string>(step, state)];

    [Theory]
    [MemberData(nameof(EveryStepInEveryState))]
    public void Step_InAState_AppliesOrDoesNot(string step, string state)
    {
        var (take, from) = Steps[step];

        var after = take(Jobs[state]);

        Assert.Equal(from.Contains(state), after is not null);
        Assert.Equal(from.Contains(state) ? Jobs[state].Version + 1 : null, after?.Version);
    }

    [Fact]
    public void Purged_KeepsWhatItWasAndWhatItOwesAndNoOutput()
    {
        var purged = Succeeded.Purged(Now.AddHours(1))!;

        Assert.Null(purged.OutputPrefix);
        Assert.Equal((JobState.Succeeded, JobCredit.SettleOwed, Now.AddHours(1)), (purged.State, purged.Credit, purged.PurgedAt));
        Assert.Equal(JobCredit.Settled, purged.CreditDelivered()!.Credit);
    }

    [Fact]
    public void Started_MayHaveWorkFilesFromThenOn() =>
        Assert.Equal((JobState.Processing, true, Now), (Preparing.State, Preparing.HasWorkFiles, Preparing.StartedAt));

    [Fact]
    public void Prepared_WithoutChunks_GoesStraightToComposing() => Assert.Equal(JobStage.Compose, Preparing.Prepared([], Now)!.Stage);

    [Fact]
    public void ChunkTranscribed_LastOne_LeadsToComposing()
    {
        Assert.Equal(JobStage.Transcribe, Transcribing.ChunkTranscribed(Chunk, Now)!.Stage);
        Assert.Equal((JobStage.Compose, 2), (Composing.Stage, Composing.ChunksDone));
    }

    [Fact]
    public void Percent_OfChunksOfDifferentLength_GoesByTheirLength()
    {
        var job = Preparing.Prepared([TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)], Now)!;

        Assert.Equal((5 + 81, 1), (After(job, 90).Progress.Percent, After(job, 90).Progress.ChunksDone));
        Assert.Equal((5 + 9, 2), (After(job, 5, 5).Progress.Percent, After(job, 5, 5).Progress.ChunksDone));
    }

    [Fact]
    public void Percent_OfChunksWhoseLengthIsNotSaid_GoesByTheirNumber()
    {
        var planned = Preparing.Prepared(Chunks(4), Now)!;

        Assert.Equal([5 + 22, 5 + 45, 5 + 67], new[] { After(planned, 0), After(planned, 0, 0), After(planned, 0, 0, 0) }.Select(job => job.Progress.Percent));
        // Planned before the lengths were noted.
        Assert.Equal(5 + 45, After(planned with { SpeechTotal = null }, 30, 30).Progress.Percent);
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0)]
    public void SpeechDone_WhateverLengthsAreSaid_IsNeverMoreThanAllAndAllInTheEnd(double seconds)
    {
        var job = Preparing.Prepared(Chunks(3), Now)!;

        Assert.InRange(After(job, seconds, seconds).SpeechDone, TimeSpan.Zero, job.SpeechTotal!.Value);
        Assert.Equal(job.SpeechTotal, After(job, seconds, seconds, seconds).SpeechDone);
    }

    [Fact]
    public void EndState_OwesTheOperationThatFitsIt()
    {
        Assert.Equal(JobCredit.SettleOwed, Succeeded.Credit);
        Assert.Equal(JobCredit.ReleaseOwed, Failed.Credit);
        Assert.Equal(JobCredit.ReleaseOwed, Canceled.Credit);
        Assert.Equal(JobCredit.Settled, Succeeded.CreditDelivered()!.Credit);
        Assert.Equal(JobCredit.Released, Failed.CreditDelivered()!.Credit);
        Assert.All(Owing, owing => Assert.Equal(JobCredit.Lapsed, Jobs[owing].CreditLapsed()!.Credit));
    }

    [Fact]
    public void OwesAnything_UntilCreditIsDeliveredAndWorkFilesAreGone()
    {
        Assert.All(Live, live => Assert.False(Jobs[live].OwesAnything));
        Assert.True(Succeeded.CreditDelivered()!.OwesAnything);
        Assert.True(Succeeded.WorkFilesDeleted()!.OwesAnything);
        Assert.False(Jobs["succeeded, settled"].OwesAnything);
    }

    private static TimeSpan[] Chunks(int count) => [.. Enumerable.Repeat(Chunk, count)];

    private static CaptionJob After(CaptionJob job, params double[] chunks) =>
        chunks.Aggregate(job, (before, seconds) => before.ChunkTranscribed(TimeSpan.FromSeconds(seconds), Now)!);
}
