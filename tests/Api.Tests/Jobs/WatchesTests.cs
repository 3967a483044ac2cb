using System.Collections.Concurrent;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Jobs;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class WatchesTests
{
    private readonly ConcurrentQueue<(string Key, int Known, TaskCompletionSource<int> Answer)> asked = new();
    private readonly SemaphoreSlim questions = new(0);
    private readonly KeptLog log = new();
    private readonly Watches<string, int> watches;

    public WatchesTests() => watches = new Watches<string, int>(Ask, state => state >= 100, TimeSpan.FromMilliseconds(1), TimeProvider.System, log);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Join_ByMany_AsksOnceAndTellsThemAll()
    {
        var listeners = Enumerable.Range(0, 50).Select(_ => watches.Join("job", 1)).ToList();
        var (_, known, answer) = await Question();
        var next = listeners.Select(listener => listener.Now.Next).ToList();

        answer.SetResult(2);
        await Task.WhenAll(next).WaitAsync(Cancellation);

        Assert.Equal(1, known);
        Assert.All(listeners, listener => Assert.Equal(2, listener.Now.State));
        Assert.Equal(2, (await Question()).Known);
        Assert.Empty(asked);
        listeners.ForEach(listener => listener.Dispose());
    }

    [Fact]
    public async Task Join_Another_IsAskedForByItself()
    {
        using var one = watches.Join("one", 1);
        using var two = watches.Join("two", 7);

        var keys = new[] { await Question(), await Question() }.Select(question => (question.Key, question.Known)).Order();

        Assert.Equal([("one", 1), ("two", 7)], keys);
    }

    [Fact]
    public async Task Dispose_ByTheLast_EndsTheAsking()
    {
        var first = watches.Join("job", 1);
        var second = watches.Join("job", 1);
        var (_, _, answer) = await Question();
        first.Dispose();
        first.Dispose();
        Assert.False(answer.Task.IsCanceled);

        second.Dispose();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer.Task.WaitAsync(Cancellation));
        using var later = watches.Join("job", 5);
        Assert.Equal(5, (await Question()).Known);
    }

    [Fact]
    public async Task Join_WhileTheClusterIsAway_IsAskedForAgain()
    {
        using var listener = watches.Join("job", 1);
        var next = listener.Now.Next;
        (await Question()).Answer.SetException(new ClusterUnavailableException(new TimeoutException()));

        (await Question()).Answer.SetResult(2);

        await next.WaitAsync(Cancellation);
        Assert.Equal(2, listener.Now.State);
    }

    [Fact]
    public async Task Join_AfterTheLastState_AsksNoMore()
    {
        using var listener = watches.Join("job", 1);
        var next = listener.Now.Next;
        (await Question()).Answer.SetResult(100);
        await next.WaitAsync(Cancellation);

        using var late = watches.Join("job", 1);

        Assert.Equal(100, late.Now.State);
        Assert.False(await questions.WaitAsync(TimeSpan.FromMilliseconds(200), Cancellation));
    }

    [Fact]
    public async Task Join_WhenAskingBreaks_IsToldSoAndWhoComesLaterBeginsAnew()
    {
        using var listener = watches.Join("job", 1);
        var next = listener.Now.Next;

        (await Question()).Answer.SetException(new NotSupportedException());

        await Assert.ThrowsAsync<WatchBrokenException>(() => next.WaitAsync(Cancellation));
        using var later = watches.Join("job", 7);
        Assert.Equal(7, (await Question()).Known);
    }

    [Fact]
    public async Task Join_WhileTheClusterIsAway_LogsTheOutageOnceAndItsEndOnceHoweverManyWatchHoweverOften()
    {
        using var one = watches.Join("one", 1);
        using var two = watches.Join("two", 1);
        foreach (var outage in Enumerable.Range(1, 2))
        {
            for (var round = 0; round < 3; round++)
            {
                (await QuestionOf("one")).SetException(Away());
                (await QuestionOf("two")).SetException(Away());
            }

            // A question comes after what the one before led to.
            var (first, second) = (await QuestionOf("one"), await QuestionOf("two"));
            Assert.Equal(Lines(outage, ends: outage - 1), log.Levels);
            first.SetResult(2 * outage);
            first = await QuestionOf("one");
            // The other one is still not answered.
            Assert.Equal(Lines(outage, ends: outage - 1), log.Levels);
            second.SetResult(2 * outage);
            second = await QuestionOf("two");
            Assert.Equal(Lines(outage, ends: outage), log.Levels);
            first.SetResult(2 * outage);
            second.SetResult(2 * outage);
        }

        static IEnumerable<LogLevel> Lines(int outages, int ends) =>
            Enumerable.Repeat((LogLevel[])[LogLevel.Warning, LogLevel.Information], outages).SelectMany(pair => pair).Take(outages + ends);
    }

    [Fact]
    public async Task Dispose_WhileTheClusterIsAway_LeavesItToOthersToSeeTheEndOfTheOutage()
    {
        var gone = watches.Join("gone", 1);
        using var stays = watches.Join("stays", 1);
        (await QuestionOf("gone")).SetException(Away());
        await QuestionOf("gone");
        Assert.Equal([LogLevel.Warning], log.Levels);

        gone.Dispose();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        for (var state = 1; log.Levels.Count == 1; state = 3 - state)
        {
            limit.Token.ThrowIfCancellationRequested();
            (await QuestionOf("stays")).SetResult(state);
        }

        Assert.Equal([LogLevel.Warning, LogLevel.Information], log.Levels);
    }

    private static ClusterUnavailableException Away() => new(new TimeoutException());

    /// <summary>The next question about one key; others are left for later.</summary>
    private async Task<TaskCompletionSource<int>> QuestionOf(string key)
    {
        var others = new List<(string Key, int Known, TaskCompletionSource<int> Answer)>();
        while (true)
        {
            var question = await Question();
            if (question.Key == key)
            {
                foreach (var other in others)
                {
                    asked.Enqueue(other);
                    questions.Release();
                }

                return question.Answer;
            }

            others.Add(question);
        }
    }

    private async Task<(string Key, int Known, TaskCompletionSource<int> Answer)> Question()
    {
        Assert.True(await questions.WaitAsync(TimeSpan.FromMinutes(1), Cancellation));
        return asked.TryDequeue(out var question) ? question : throw new InvalidOperationException("Nothing was asked.");
    }

    private Task<int> Ask(string key, int known, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        asked.Enqueue((key, known, answer));
        questions.Release();
        return answer.Task;
    }

    /// <summary>How grave what was logged is, line by line.</summary>
    private sealed class KeptLog : ILogger
    {
        private readonly ConcurrentQueue<LogLevel> levels = new();

        public IReadOnlyList<LogLevel> Levels => [.. levels];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            levels.Enqueue(logLevel);
    }
}
