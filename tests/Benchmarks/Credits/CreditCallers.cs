using System.Diagnostics;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Testing.Credits;
using AX2Caption.Testing.Postgres;
using Orleans.Core.Internal;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>Callers of the credit grains through an Orleans client; each makes its next call when it was answered.</summary>
internal sealed class CreditCallers(IGrainFactory grains, TestDatabase database, IReadOnlyList<Guid> accounts)
{
    public const long Plenty = 1_000_000_000;

    private readonly DateTimeOffset expiresAt = TimeProvider.System.GetUtcNow().AddDays(1);

    /// <summary>Wakes every account, as those of a running service are awake.</summary>
    public Task WakeAll(CancellationToken cancellationToken) => Parallel.ForEachAsync(
        accounts,
        new ParallelOptions { MaxDegreeOfParallelism = 64, CancellationToken = cancellationToken },
        async (account, _) => await Operate(grains.GetGrain<IUserCreditGrain>(account), Shape.Pairs));

    /// <summary>Runs a shape with so many calls in flight; what ends while it warms up, or after the end, is not measured.</summary>
    /// <returns>The measured stretch, and how many operations there were in all.</returns>
    public async Task<(Stretch Measured, long Operations)> Run(
        Shape shape, int inFlight, TimeSpan warmUp, TimeSpan duration, CancellationToken cancellationToken)
    {
        // A hot account of its own for each stretch: none has to carry the holds of those before it.
        var hot = shape == Shape.Hot ? (await OpenedAccounts.Open(database, 1, Plenty, cancellationToken))[0] : Guid.Empty;
        var latencies = Stretch.NewLatencies();
        var operations = 0L;
        var from = Stopwatch.GetTimestamp() + Ticks(warmUp);
        var until = from + Ticks(duration);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(Call, cancellationToken)));
        if (shape == Shape.Hot)
            await grains.GetGrain<IUserCreditGrain>(hot).AsReference<IGrainManagementExtension>().DeactivateOnIdle(cancellationToken);
        return (new Stretch(duration, latencies), operations);

        async Task Call()
        {
            for (var start = Stopwatch.GetTimestamp(); start < until; start = Stopwatch.GetTimestamp())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var account = shape == Shape.Hot ? hot : accounts[Random.Shared.Next(accounts.Count)];
                await Operate(grains.GetGrain<IUserCreditGrain>(account), shape);
                var end = Stopwatch.GetTimestamp();
                Interlocked.Increment(ref operations);
                if (end >= from && end < until)
                    latencies.RecordValue((long)Stopwatch.GetElapsedTime(start, end).TotalMicroseconds);
            }
        }
    }

    private async Task Operate(IUserCreditGrain account, Shape shape)
    {
        var hold = Guid.CreateVersion7();
        Require(await account.Reserve(new ReserveCredits(Guid.CreateVersion7(), hold, 1, expiresAt, "A job.")));
        if (shape == Shape.Pairs)
            Require(await account.Settle(new SettleHold(Guid.CreateVersion7(), hold, 1, "A job.")));
    }

    private static void Require(CreditResult result)
    {
        if (result is not CreditResult.Applied)
            throw new InvalidOperationException($"An operation that must go through did not: {result}");
    }

    private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
