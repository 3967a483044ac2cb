using AX2Caption.Grains.Jobs;
using AX2Caption.Testing;
using Microsoft.Extensions.Time.Testing;
using static AX2Caption.Grains.Tests.Jobs.AnyJob;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class JobWatchersTests
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);

    private readonly CountingTime time = new();
    private readonly JobWatchers watchers;
    private CaptionJob? row = Queued;

    public JobWatchersTests() => watchers = new JobWatchers(time);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Next_OfAJobThatIsAlreadyBeyond_AnswersAtOnce() => Assert.Equal(Queued, await Next(knownVersion: 0));

    [Fact]
    public async Task Next_OfNoJob_AnswersAtOnce()
    {
        row = null;

        Assert.Null(await Next(knownVersion: 1));
    }

    [Fact]
    public async Task Next_WokenByACommit_AnswersWithWhatWasCommitted()
    {
        var next = Next(knownVersion: 1);
        Assert.False(next.IsCompleted);

        row = Queued.Started(Now);
        watchers.Wake();

        Assert.Equal(2, (await next.WaitAsync(Ct))!.Version);
        Assert.Equal(2, watchers.Looks);
    }

    [Fact]
    public async Task Next_WokenForNothing_GoesOnWaiting()
    {
        var next = Next(knownVersion: 1);
        watchers.Wake();
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(next.IsCompleted);

        row = Queued.Started(Now);
        watchers.Wake();

        Assert.Equal(2, (await next.WaitAsync(Ct))!.Version);
    }

    [Fact]
    public async Task Next_WhenAnotherActivationMovesTheRow_SeesItWithTheNextLook()
    {
        var next = Next(knownVersion: 1);
        row = Queued.Started(Now);

        time.Advance(JobWatchers.LookEvery);

        Assert.Equal(2, (await next.WaitAsync(Ct))!.Version);
    }

    [Fact]
    public async Task Next_WithoutAChange_AnswersAfterTheWaitWithTheJobAsItIs()
    {
        var next = Next(knownVersion: 1);
        await Pass(Wait - TimeSpan.FromMilliseconds(1), next);
        Assert.False(next.IsCompleted);

        await Pass(TimeSpan.FromMilliseconds(1), next);

        Assert.Equal(Queued, await next.WaitAsync(Ct));
    }

    [Fact]
    public async Task Next_ForLongerThanItMay_IsCut()
    {
        var next = Next(knownVersion: 1, TimeSpan.FromDays(1));

        await Pass(JobWatchers.MaximumWait, next);

        Assert.Equal(Queued, await next.WaitAsync(Ct));
    }

    [Fact]
    public async Task Next_OfAHundred_TakesOneLook()
    {
        var all = Enumerable.Range(0, 100).Select(_ => Next(knownVersion: 1)).ToList();
        Assert.Equal(1, watchers.Looks);
        row = Queued.Started(Now);

        watchers.Wake();

        Assert.All(await Task.WhenAll(all).WaitAsync(Ct), job => Assert.Equal(2, job!.Version));
        Assert.Equal(2, watchers.Looks);
    }

    [Fact]
    public async Task Next_GivenUp_LeavesTheOthersWaiting()
    {
        using var gaveUp = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var first = watchers.Next(_ => Task.FromResult(row), 1, Wait, gaveUp.Token);
        var second = Next(knownVersion: 1);

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first.WaitAsync(Ct));
        row = Queued.Started(Now);
        watchers.Wake();

        Assert.Equal(2, (await second.WaitAsync(Ct))!.Version);
    }

    [Fact]
    public async Task Next_AfterALookThatFailed_LooksAgain()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => watchers.Next(_ => Task.FromException<CaptionJob?>(new TimeoutException()), 0, Wait, Ct));

        Assert.Equal(Queued, await Next(knownVersion: 0));
    }

    private Task<CaptionJob?> Next(long knownVersion, TimeSpan? wait = null) =>
        watchers.Next(_ => Task.FromResult(row), knownVersion, wait ?? Wait, Ct);

    /// <summary>Moves the time on in steps, after each of which the one who waits has its answer or has set its next timer.</summary>
    private async Task Pass(TimeSpan span, Task waiting)
    {
        for (var left = span; left > TimeSpan.Zero; left -= JobWatchers.LookEvery)
        {
            var before = time.Timers;
            time.Advance(left < JobWatchers.LookEvery ? left : JobWatchers.LookEvery);
            if (left >= JobWatchers.LookEvery)
                await Polling.Until(() => waiting.IsCompleted || time.Timers > before, Ct);
        }
    }

    private sealed class CountingTime : FakeTimeProvider
    {
        private int timers;

        /// <summary>How many were ever set.</summary>
        public int Timers => Volatile.Read(ref timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            Interlocked.Increment(ref timers);
            return timer;
        }
    }
}
