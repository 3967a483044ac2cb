using AX2Caption.Testing.S3;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>
/// What happens to the stage, by the seed: to one silo after the other, and at the same time to what all of them need. Whatever ends by itself is
/// started again, as systemd does it.
/// </summary>
internal sealed class Faults(Stage stage, Chronicle chronicle)
{
    // The others give a silo up after three probes of half a second to two; its leases last three seconds.
    private static readonly TimeSpan LongerThanTolerated = TimeSpan.FromSeconds(7);
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(0.8);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Gate[] gates = [.. Enumerable.Range(0, Stage.Silos).Select(_ => new Gate())];

    /// <summary>Silos that ended although nobody made them; whoever was frozen for too long may.</summary>
    public List<string> Unexpected { get; } = [];

    /// <summary>All of them, until they are over.</summary>
    public Task Happen(CancellationToken cancellationToken) => Task.WhenAll(
        InTurn(new Random(chronicle.Seed), ToSilos, cancellationToken), InTurn(new Random(chronicle.Seed + 1), ToTheOthers, cancellationToken));

    /// <summary>Looks after the silos until it is told to stop.</summary>
    public async Task LookAfter(CancellationToken cancellationToken)
    {
        using var look = new PeriodicTimer(LookEvery);
        try
        {
            while (await look.WaitForNextTickAsync(cancellationToken))
            {
                for (var silo = 0; silo < Stage.Silos; silo++)
                    await Alone(silo, () => ReviveEnded(silo, cancellationToken), cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // As told.
        }
    }

    private async Task ReviveEnded(int silo, CancellationToken cancellationToken)
    {
        if (stage.Group.Silos[silo].SiloRuns)
            return;
        chronicle.Note($"silo {silo} has ended by itself");
        if (!gates[silo].MayEnd)
            Unexpected.Add($"silo {silo} ended by itself");
        await Revive(silo, cancellationToken);
    }

    private IEnumerable<Func<Random, CancellationToken, Task>> ToSilos(Random random)
    {
        // Each of them is struck; which of them is killed how often is up to the seed.
        var next = random.Next(Stage.Silos);
        Func<int, Random, CancellationToken, Task>[] faults = [Kill, Kill, Stop, Stop, FreezeForLong, FreezeForAWhile];
        random.Shuffle(faults);
        foreach (var fault in faults)
        {
            var silo = next;
            next = (next + random.Next(1, Stage.Silos)) % Stage.Silos;
            yield return (draw, token) => Alone(silo, () => fault(silo, draw, token), token);
        }
    }

    private IEnumerable<Func<Random, CancellationToken, Task>> ToTheOthers(Random random)
    {
        Func<Random, CancellationToken, Task>[] faults =
        [
            RestartPostgres, RestartPostgres, CutConnections, CutConnections, CutConnections, RefuseConnections,
            Disturb(Fault.Unavailable), Disturb(Fault.CutAnswer), Disturb(Fault.CutRequest), Disturb(Fault.LoseAnswer),
        ];
        random.Shuffle(faults);
        return faults;
    }

    private static async Task InTurn(
        Random random, Func<Random, IEnumerable<Func<Random, CancellationToken, Task>>> faults, CancellationToken cancellationToken)
    {
        foreach (var fault in faults(random).ToList())
        {
            await Task.Delay(TimeSpan.FromSeconds(0.5 + (random.NextDouble() * 3)), cancellationToken);
            await fault(random, cancellationToken);
        }
    }

    private async Task Kill(int silo, Random random, CancellationToken cancellationToken)
    {
        chronicle.Note($"SIGKILL to silo {silo}");
        await stage.Group.Silos[silo].KillSilo();
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 4), cancellationToken);
        await Revive(silo, cancellationToken);
    }

    private async Task Stop(int silo, Random random, CancellationToken cancellationToken)
    {
        chronicle.Note($"SIGTERM to silo {silo}");
        var exitCode = await stage.Group.Silos[silo].StopSilo(cancellationToken);
        chronicle.Note($"silo {silo} has ended with {exitCode}");
        if (exitCode != 0 && !gates[silo].MayEnd)
            Unexpected.Add($"silo {silo} was told to stop and ended with {exitCode}");
        await Task.Delay(TimeSpan.FromSeconds(random.NextDouble() * 2), cancellationToken);
        await Revive(silo, cancellationToken);
    }

    private Task FreezeForLong(int silo, Random random, CancellationToken cancellationToken) => Freeze(silo, LongerThanTolerated, cancellationToken);

    private Task FreezeForAWhile(int silo, Random random, CancellationToken cancellationToken) => Freeze(silo, Tolerated, cancellationToken);

    private async Task Freeze(int silo, TimeSpan duration, CancellationToken cancellationToken)
    {
        chronicle.Note($"SIGSTOP to silo {silo}");
        gates[silo].MayEnd |= duration > Tolerated;
        await stage.Group.Silos[silo].FreezeSilo(cancellationToken);
        // As long as it lasts, not how long something takes.
        await Task.Delay(duration, cancellationToken);
        await stage.Group.Silos[silo].ThawSilo(cancellationToken);
        chronicle.Note($"SIGCONT to silo {silo}");
    }

    private async Task RestartPostgres(Random random, CancellationToken cancellationToken)
    {
        chronicle.Note("PostgreSQL restarts");
        await stage.Postgres.Restart(cancellationToken);
        chronicle.Note("PostgreSQL is back");
    }

    private async Task CutConnections(Random random, CancellationToken cancellationToken)
    {
        chronicle.Note("connections to PostgreSQL are cut");
        await stage.CutConnections(cancellationToken);
    }

    private async Task RefuseConnections(Random random, CancellationToken cancellationToken)
    {
        chronicle.Note("the object store refuses connections");
        await stage.Store.Refuse();
        await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 4)), cancellationToken);
        await stage.Store.Listen(cancellationToken);
        chronicle.Note("the object store is back");
    }

    private Func<Random, CancellationToken, Task> Disturb(Fault fault) => async (random, cancellationToken) =>
    {
        chronicle.Note($"the object store: {fault}");
        // Half of them, which has the SDK's own repetitions fail, too, now and then.
        var draw = new Random(random.Next());
        stage.Store.Disturb(fault, times: int.MaxValue, _ => draw.Next(2) == 0);
        await Task.Delay(TimeSpan.FromSeconds(2 + (random.NextDouble() * 3)), cancellationToken);
        stage.Store.Disturb(fault, times: 0, _ => false);
        chronicle.Note("the object store is well");
    };

    private async Task Revive(int silo, CancellationToken cancellationToken)
    {
        await stage.Group.Silos[silo].ReviveSilo(cancellationToken);
        gates[silo].MayEnd = false;
        chronicle.Note($"silo {silo} is ready");
    }

    /// <summary>One at a time has to do with a silo's process.</summary>
    private async Task Alone(int silo, Func<Task> act, CancellationToken cancellationToken)
    {
        await gates[silo].Entry.WaitAsync(cancellationToken);
        try
        {
            await act();
        }
        finally
        {
            gates[silo].Entry.Release();
        }
    }

    private sealed class Gate
    {
        public SemaphoreSlim Entry { get; } = new(1);

        /// <summary>Whether it was frozen for longer than the others tolerate, and so may find itself given up.</summary>
        public bool MayEnd { get; set; }
    }
}
