using System.Collections.Concurrent;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Jobs;
using Microsoft.Extensions.Logging.Abstractions;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class WatchesTests
{
    private readonly ConcurrentQueue<(string Key, int Known, TaskCompletionSource<int> Answer)> asked = new();
    private readonly SemaphoreSlim questions = new(0);
    private readonly Watches<string, int> watches;

    public WatchesTests() => watches = new Watches<string, int>(Ask, state => state >= 100, TimeSpan.FromMilliseconds(1), TimeProvider.System, NullLogger.Instance);

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
}
