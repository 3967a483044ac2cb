using AX2Caption.Grains.Jobs;
using CsCheck;
using static AX2Caption.Grains.Tests.Jobs.AnyJob;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class JobEstimateTests
{
    private const double Speed = 10;

    private static readonly CaptionJob Preparing = Queued.Started(Now, Speed)!;

    /// <summary>Chunks of 5 to 60 s, so many at once, at a speed that nobody expected.</summary>
    private static readonly Gen<(int[] Seconds, int Workers, double Speed)> Work =
        Gen.Select(Gen.Int[5, 60].Array[8, 200], Gen.Int[1, 8], Gen.Double[0.5, 40]);

    [Fact]
    public void Of_AJobThatNobodyIsAt_IsUnknown()
    {
        Assert.Null(JobEstimate.Of(Queued, Now));
        Assert.Null(JobEstimate.Of(Queued.Canceled(Now)!, Now));
        Assert.Null(JobEstimate.Of(Preparing.Canceled(Now)!, Now));
        // Begun before it was noted when.
        Assert.Null(JobEstimate.Of(Preparing with { ProgressedAt = null }, Now));
        Assert.Null(JobEstimate.Of(Preparing with { ExpectedSpeed = null }, Now));
    }

    [Fact]
    public void Of_AJobWithoutEvidence_IsWhatWasExpected()
    {
        var transcribing = Preparing.Prepared([.. Enumerable.Repeat(TimeSpan.FromSeconds(30), 20)], Now)!;

        // 600 s of speech at ten times its speed, and 2 s to compose.
        Assert.Equal(Now.AddSeconds(62), JobEstimate.Of(transcribing, Now));
        Assert.InRange(JobEstimate.Of(Preparing, Now)!.Value, Now.AddSeconds(6), Now.AddSeconds(15));
    }

    [Fact]
    public void Of_AJobAtConstantSpeed_ComesToTheTrueEnd() => Work.Sample(work =>
    {
        var (done, end) = Run(work.Seconds, work.Workers, work.Speed);
        var job = Transcribing(work.Seconds);
        foreach (var (seconds, at) in done)
        {
            job = job.ChunkTranscribed(TimeSpan.FromSeconds(seconds), at)!;
            if (job.ShareDone < 0.5)
                continue;

            // What is under way counts for nothing yet: a chunk for each worker, and at the end fewer of them are busy.
            var unseen = TimeSpan.FromSeconds(60 * 2 / work.Speed) + (end - Now) * (work.Workers * 60.0 / work.Seconds.Sum()) + TimeSpan.FromMinutes(1);
            var estimate = JobEstimate.Of(job, at)!.Value;
            Assert.InRange(estimate, end - unseen, end + (unseen * 2));
        }

        Assert.InRange(JobEstimate.Of(job, end)!.Value, end, end.AddSeconds(3));
    });

    [Fact]
    public void Of_ALiveJob_IsNeverOverWhateverHappenedAndHoweverLateItIs() =>
        Gen.Select(Work, Gen.Int[0, 200], Gen.Double[0, 1_000_000]).Sample((work, taken, later) =>
        {
            var job = Transcribing(work.Seconds);
            var at = Now;
            foreach (var (seconds, then) in Run(work.Seconds, work.Workers, work.Speed).Done.Take(taken))
                (job, at) = (job.ChunkTranscribed(TimeSpan.FromSeconds(seconds), then)!, then);
            var now = at.AddSeconds(later);

            Assert.True(JobEstimate.Of(job, now) >= now);
            Assert.True(JobEstimate.Of(Preparing, now) >= now);
        });

    [Fact]
    public void Of_AJobThatIsStuck_MovesOnWithEverySecondOfWaiting() =>
        Gen.Select(Work, Gen.Int[1, 7], Gen.Double[100, 100_000]).Sample((work, taken, later) =>
        {
            var job = Transcribing(work.Seconds);
            var at = Now;
            foreach (var (seconds, then) in Run(work.Seconds, work.Workers, work.Speed).Done.Take(taken))
                (job, at) = (job.ChunkTranscribed(TimeSpan.FromSeconds(seconds), then)!, then);
            var late = at.AddSeconds(later + (60 / work.Speed * 16));

            var moved = JobEstimate.Of(job, late.AddHours(1)) - JobEstimate.Of(job, late);
            Assert.InRange(moved!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        });

    [Fact]
    public void Of_AJobBetweenTwoChunks_StaysAsItIs() => Work.Sample(work =>
    {
        var (seconds, at) = Run(work.Seconds, 1, work.Speed).Done[0];
        var job = Transcribing(work.Seconds).ChunkTranscribed(TimeSpan.FromSeconds(seconds), at)!;

        var half = at + ((at - Now) / 2);
        Assert.Equal(JobEstimate.Of(job, at), JobEstimate.Of(job, half));
    });

    [Theory]
    [InlineData(60, 1)]
    [InlineData(600, 10)]
    [InlineData(6000, 60)]
    public void Of_AJob_IsAsFineAsItIsNear(int seconds, int unit)
    {
        var job = Preparing.Prepared([TimeSpan.FromSeconds((seconds * Speed) + 0.1)], Now)!;

        Assert.Equal(0, JobEstimate.Of(job, Now)!.Value.UtcTicks % (unit * TimeSpan.TicksPerSecond));
        Assert.NotEqual(0, JobEstimate.Of(job, Now)!.Value.UtcTicks % (unit * 60 * TimeSpan.TicksPerSecond));
    }

    private static CaptionJob Transcribing(int[] seconds) =>
        Preparing.Prepared([.. seconds.Select(chunk => TimeSpan.FromSeconds(chunk))], Now)!;

    /// <summary>Chunks in the order in which they are done, when each worker takes the next as soon as it has done one.</summary>
    private static (List<(int Seconds, DateTimeOffset At)> Done, DateTimeOffset End) Run(int[] seconds, int workers, double speed)
    {
        var free = new PriorityQueue<int, DateTimeOffset>(Enumerable.Range(0, workers).Select(worker => (worker, Now)));
        var done = new List<(int Seconds, DateTimeOffset At)>();
        foreach (var chunk in seconds)
        {
            free.TryDequeue(out var worker, out var from);
            done.Add((chunk, from.AddSeconds(chunk / speed)));
            free.Enqueue(worker, from.AddSeconds(chunk / speed));
        }

        done.Sort((one, other) => one.At.CompareTo(other.At));
        return (done, done[^1].At);
    }
}
