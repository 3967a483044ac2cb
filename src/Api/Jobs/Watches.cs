using System.Diagnostics.CodeAnalysis;
using AX2Caption.Api.Cluster;

namespace AX2Caption.Api.Jobs;

/// <summary>
/// What connections of this process watch in the cluster. However many watch the same thing, it is asked for once, again and again
/// for as long as anybody does. Each sees the newest state and none in between that came and went while it was busy.
/// </summary>
/// <param name="ask">Answers with the state after the one that is known, when there is one or some time is over.</param>
/// <param name="isFinal">Whether no state comes after it.</param>
/// <param name="gap">The least time between two questions.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where it says that the cluster is away.</param>
internal sealed partial class Watches<TKey, TState>(
    Func<TKey, TState, CancellationToken, Task<TState>> ask, Func<TState, bool> isFinal, TimeSpan gap, TimeProvider time, ILogger log)
    where TKey : notnull
{
    private readonly Lock guard = new();
    private readonly Dictionary<TKey, Watch> running = [];
    private int unanswered;
    private bool isOutage;

    /// <summary>Joins those who watch, or is the first.</summary>
    /// <param name="key">What to watch.</param>
    /// <param name="state">What is known of it, for the first.</param>
    public Listener Join(TKey key, TState state)
    {
        lock (guard)
        {
            if (!running.TryGetValue(key, out var watch))
            {
                watch = running[key] = new Watch(state);
                _ = Run(key, watch);
            }

            watch.Listeners++;
            return new Listener(this, key, watch);
        }
    }

    private void Leave(TKey key, Watch watch)
    {
        lock (guard)
        {
            if (--watch.Listeners > 0)
                return;
            Forget(key, watch);
        }

        watch.Unwatched.Cancel();
    }

    private void Forget(TKey key, Watch watch)
    {
        if (running.TryGetValue(key, out var current) && current == watch)
            running.Remove(key);
    }

    private async Task Run(TKey key, Watch watch)
    {
        // The first listener's turn is its own.
        await Task.Yield();
        var token = watch.Unwatched.Token;
        var isAway = false;
        try
        {
            var state = watch.Now.State;
            while (!isFinal(state))
            {
                try
                {
                    state = await ask(key, state, token);
                    Answered(wasAway: isAway);
                    isAway = false;
                    watch.Become(state);
                }
                catch (ClusterUnavailableException exception)
                {
                    if (!isAway)
                        NotAnswered(exception);
                    isAway = true;
                }

                await Task.Delay(gap, time, token);
            }
        }
        catch (OperationCanceledException) when (token.IsCancellationRequested)
        {
            // Nobody watches any more.
        }
        catch (Exception exception)
        {
            // Those who watch end their streams, and connect again.
            LogBroken(exception);
            // Whoever connects again must not join this one.
            lock (guard)
                Forget(key, watch);
            watch.Break();
        }
        finally
        {
            // Given up without an answer: whether others get one is for them to see.
            if (isAway)
                Interlocked.Decrement(ref unanswered);
        }
    }

    /// <summary>However many watches are not answered, and however often, it is one outage: until one is answered and none is not.</summary>
    private void NotAnswered(ClusterUnavailableException exception)
    {
        Interlocked.Increment(ref unanswered);
        if (!Interlocked.Exchange(ref isOutage, true))
            LogUnavailable(exception);
    }

    private void Answered(bool wasAway)
    {
        var left = wasAway ? Interlocked.Decrement(ref unanswered) : Volatile.Read(ref unanswered);
        if (left == 0 && Volatile.Read(ref isOutage) && Interlocked.Exchange(ref isOutage, false))
            LogAvailable();
    }

    [LoggerMessage(LogLevel.Warning, "What connections watch could not be asked for; it is asked again, and no more is said until it could.")]
    private partial void LogUnavailable(Exception exception);

    [LoggerMessage(LogLevel.Information, "What connections watch can be asked for again.")]
    private partial void LogAvailable();

    [LoggerMessage(LogLevel.Error, "What connections watch could not be asked for.")]
    private partial void LogBroken(Exception exception);

    /// <summary>One who watches.</summary>
    [SuppressMessage("Design", "CA1034:Nested types should not be visible", Justification = "It is no more than its owner's handle.")]
    internal sealed class Listener(Watches<TKey, TState> all, TKey key, Watch watch) : IDisposable
    {
        private bool hasLeft;

        /// <summary>The newest state, and what ends when there is a newer one. It fails when there will be none for a fault.</summary>
        public (TState State, Task Next) Now => watch.Now;

        public void Dispose()
        {
            if (hasLeft)
                return;
            hasLeft = true;
            all.Leave(key, watch);
        }
    }

    internal sealed class Watch(TState state)
    {
        private readonly Lock guard = new();
        private TState state = state;
        private TaskCompletionSource next = NewSignal();

        public int Listeners { get; set; }

        public CancellationTokenSource Unwatched { get; } = new();

        public (TState State, Task Next) Now
        {
            get
            {
                lock (guard)
                    return (state, next.Task);
            }
        }

        public void Become(TState newer)
        {
            TaskCompletionSource old;
            lock (guard)
            {
                if (EqualityComparer<TState>.Default.Equals(state, newer))
                    return;
                (state, old, next) = (newer, next, NewSignal());
            }

            old.SetResult();
        }

        public void Break()
        {
            lock (guard)
                next.TrySetException(new WatchBrokenException());
        }

        private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What is watched could not be asked for; the log says why.</summary>
internal sealed class WatchBrokenException() : Exception("Nothing newer will come.");
