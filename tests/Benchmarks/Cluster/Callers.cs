using System.Diagnostics;

namespace AX2Caption.Benchmarks.Cluster;

/// <summary>
/// Somebody for each account who asks for its balance all the time. The impatient ask again while an earlier call still hangs, so that an account is seen to answer as
/// soon as it does; the patient wait for each answer, as users do.
/// </summary>
internal sealed class Callers : IAsyncDisposable
{
    private readonly CancellationTokenSource stop = new();
    private readonly Dictionary<Guid, Caller> callers;
    private readonly Task running;

    /// <param name="accounts">The accounts.</param>
    /// <param name="ask">Asks once; answers whether there was an answer, and throws what must not be.</param>
    /// <param name="every">How often at the most.</param>
    /// <param name="patience">How long to wait for an answer before asking again.</param>
    public Callers(IEnumerable<Guid> accounts, Func<Guid, CancellationToken, Task<bool>> ask, TimeSpan every, TimeSpan patience)
    {
        callers = accounts.ToDictionary(account => account, account => new Caller(account, ask));
        running = Task.WhenAll(callers.Values.Select(caller => caller.Run(every, patience, stop.Token)));
    }

    /// <summary>How many calls had no answer, since the callers began.</summary>
    public long Unanswered => callers.Values.Sum(caller => caller.Unanswered);

    /// <summary>How many had one.</summary>
    public long Answered => callers.Values.Sum(caller => caller.Answered);

    /// <summary>When each of these accounts gave its first answer to a call that begins from now on.</summary>
    public async Task<IReadOnlyList<long>> FirstAnswers(IEnumerable<Guid> accounts, TimeSpan within, CancellationToken cancellationToken)
    {
        var waiting = accounts.Select(account => (Account: account, Answer: callers[account].NextAnswer())).ToList();
        try
        {
            // A fault ends the callers, and is more than a missing answer.
            var all = Task.WhenAll(waiting.Select(one => one.Answer)).WaitAsync(within, cancellationToken);
            await await Task.WhenAny(all, running);
            return await all;
        }
        catch (TimeoutException)
        {
            var silent = waiting.Where(one => !one.Answer.IsCompleted).Select(one => one.Account).ToList();
            throw new InvalidOperationException($"{silent.Count} accounts did not answer within {within}, the first of them {silent[0]}.");
        }
    }

    /// <summary>The longest that anybody waited for an answer that came since this was asked before.</summary>
    public TimeSpan TakeLongest() => callers.Values.Max(caller => caller.TakeLongest());

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
    }

    private sealed class Caller(Guid account, Func<Guid, CancellationToken, Task<bool>> ask)
    {
        private readonly Lock gate = new();
        private TaskCompletionSource<long>? waiting;
        private long waitingSince;
        private TimeSpan longest;

        public long Unanswered { get; private set; }

        public long Answered { get; private set; }

        public Task<long> NextAnswer()
        {
            lock (gate)
            {
                waiting = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
                waitingSince = Stopwatch.GetTimestamp();
                return waiting.Task;
            }
        }

        public TimeSpan TakeLongest()
        {
            lock (gate)
            {
                var taken = longest;
                longest = TimeSpan.Zero;
                return taken;
            }
        }

        public async Task Run(TimeSpan every, TimeSpan patience, CancellationToken cancellationToken)
        {
            // Not all at once.
            await Task.Delay(every * Random.Shared.NextDouble(), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            using var pace = new PeriodicTimer(every);
            var underWay = new List<Task>();
            while (!cancellationToken.IsCancellationRequested)
            {
                var call = Task.Run(() => Ask(cancellationToken), CancellationToken.None);
                underWay.RemoveAll(earlier => earlier.IsCompletedSuccessfully);
                underWay.Add(call);
                await Task.WhenAny(call, Task.Delay(patience, cancellationToken));
                foreach (var faulted in underWay.Where(earlier => earlier.IsFaulted))
                    await faulted;
                Task tick = pace.WaitForNextTickAsync(cancellationToken).AsTask();
                await tick.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            await Task.WhenAll(underWay);
        }

        private async Task Ask(CancellationToken cancellationToken)
        {
            var begun = Stopwatch.GetTimestamp();
            bool answered;
            try
            {
                answered = await ask(account, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            var ended = Stopwatch.GetTimestamp();
            lock (gate)
            {
                (Answered, Unanswered) = answered ? (Answered + 1, Unanswered) : (Answered, Unanswered + 1);
                longest = Stopwatch.GetElapsedTime(begun, ended) is var took && took > longest ? took : longest;
                if (answered && begun >= waitingSince)
                    waiting?.TrySetResult(ended);
            }
        }
    }
}
