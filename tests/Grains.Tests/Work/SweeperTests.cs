using AX2Caption.Grains.Work;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Work;

public sealed class SweeperTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sweep_that_does_not_end_or_fails_keeps_no_other_from_running_again()
    {
        var settings = new WorkOptions();
        var time = new FakeTimeProvider();
        var quick = new Sweep(rounds => rounds);
        using var sweeper = new Sweeper(
            [new Sweep(_ => Timeout.Infinite), new Sweep(_ => throw new InvalidOperationException("No.")), quick],
            Options.Create(settings), time, NullLogger<Sweeper>.Instance);
        await sweeper.StartAsync(Ct);

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        while (quick.Rounds < 3)
        {
            time.Advance(settings.SweepInterval);
            await Task.Delay(TimeSpan.FromMilliseconds(5), limit.Token);
        }

        await sweeper.StopAsync(Ct);
    }

    /// <param name="found">By the number of the round: how much it finds; <see cref="Timeout.Infinite"/> if it does not end.</param>
    private sealed class Sweep(Func<int, int> found) : ISweep
    {
        public string Name => "for the test";

        public int Rounds { get; private set; }

        public async Task<int> Run(int limit, CancellationToken cancellationToken)
        {
            var count = found(++Rounds);
            if (count == Timeout.Infinite)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return count;
        }
    }
}
