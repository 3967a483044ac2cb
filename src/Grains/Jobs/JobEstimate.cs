using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// When a job will end. What was recognised in the time since recognition began says how long the rest will take; before anything is,
/// the speed that was expected does. The answer stays the same from one chunk to the next, until a chunk is later than it should
/// be: from then on every second of waiting is one more. So it is never over while the job lives.
/// </summary>
internal static class JobEstimate
{
    /// <summary>How many times faster than it plays a file's audio is extracted; a guess on the slow side, since reading the file is in it.</summary>
    private const double ExtractionSpeed = 50;

    /// <summary>What any task takes to be claimed and begun, and all that composing takes.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    /// <summary>How fine an estimate is, by how far away: nobody wants the seconds of an hour.</summary>
    private static readonly (TimeSpan Within, TimeSpan Unit)[] Fineness =
    [
        (TimeSpan.FromMinutes(2), TimeSpan.FromSeconds(1)),
        (TimeSpan.FromMinutes(20), TimeSpan.FromSeconds(10)),
        (TimeSpan.MaxValue, TimeSpan.FromMinutes(1)),
    ];

    /// <returns>Null if nothing is known: nobody has taken it up, it has ended, or its beginning was not noted.</returns>
    public static DateTimeOffset? Of(CaptionJob job, DateTimeOffset now)
    {
        if (job.State != JobState.Processing || job.ProgressedAt is not { } at || job.ExpectedSpeed is not { } speed)
        {
            return null;
        }

        // What is left after the last news, and how long after them the next were to be expected.
        var (left, next) = job.Stage switch
        {
            JobStage.Prepare => (Extraction(job) + (job.Duration / speed) + Step, Extraction(job)),
            JobStage.Transcribe => Recognition(job, at, speed),
            _ => (Step, Step),
        };
        var late = now - at - (next < left ? next : left);
        return Rounded(at + left + (late > TimeSpan.Zero ? late : TimeSpan.Zero), at);
    }

    private static TimeSpan Extraction(CaptionJob job) => Step + (job.Duration / ExtractionSpeed);

    private static (TimeSpan Left, TimeSpan Next) Recognition(CaptionJob job, DateTimeOffset at, double speed)
    {
        var spent = at - (job.TranscribingSince ?? at);
        if (job.ShareDone > 0 && spent > TimeSpan.Zero)
        {
            var whole = spent / job.ShareDone;
            return (whole - spent + Step, spent / job.ChunksDone);
        }

        var expected = (job.SpeechTotal ?? job.Duration) / speed;
        // Several workers bring their first chunks late, and then together.
        return (expected + Step, Step + (expected / Math.Max(1, job.ChunksTotal ?? 1) * 2));
    }

    /// <summary>Up to a whole unit, so never earlier than it is.</summary>
    private static DateTimeOffset Rounded(DateTimeOffset finish, DateTimeOffset from)
    {
        var unit = Fineness.First(step => finish - from < step.Within).Unit.Ticks;
        var ticks = (finish.UtcTicks + unit - 1) / unit * unit;
        return new DateTimeOffset(Math.Min(ticks, DateTimeOffset.MaxValue.UtcTicks), TimeSpan.Zero);
    }
}
