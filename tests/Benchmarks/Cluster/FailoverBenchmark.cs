using System.Globalization;
using AX2Caption.Testing.Postgres;

namespace AX2Caption.Benchmarks.Cluster;

/// <summary>How soon what lived on a silo answers after the silo's death, and that no load makes one count as dead that is not.</summary>
internal sealed class FailoverBenchmark : IBenchmark
{
    // Each of the three silos is killed once with load and once without.
    private const int Rounds = 2 * FailoverService.Silos;

    private static readonly TimeSpan Soaked = TimeSpan.FromMinutes(2.5);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    public string Name => "failover";

    public string Summary => "how soon a killed silo's grains answer elsewhere, and whether load alone makes a silo count as dead";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        await using var postgres = await PostgresServer.Start(cancellationToken);
        await using var service = await FailoverService.Start(postgres, cancellationToken);
        var suspected = await Soak(service, output, cancellationToken);
        var failovers = new List<(bool Loaded, Failover Failover)>();
        for (var round = 0; round < Rounds; round++)
        {
            var loaded = round % 2 == 1;
            using var load = loaded ? Burn(service) : null;
            suspected = Math.Max(suspected, await Watch(service, Settled, cancellationToken));
            var failover = await service.Kill(round % FailoverService.Silos, cancellationToken);
            await RequireNoneEvicted(service, cancellationToken);
            failovers.Add((loaded, failover));
            Say(output, $"Round {round + 1}, {(loaded ? "loaded" : "idle  ")}: dead after {failover.Dead.TotalSeconds:0.00} s; {failover.Answered.Count} accounts answered after {failover.Answered[0].TotalSeconds:0.00} to {failover.Answered[^1].TotalSeconds:0.00} s, half of them within {Half(failover.Answered):0.00} s; at the Api nobody waited for more than {failover.LongestAtTheApi.TotalSeconds:0.00} s.");
        }

        await Watch(service, Settled, cancellationToken);
        Say(output, $"{service.Calls}.");
        var (idle, burdened) = (Of(loaded: false), Of(loaded: true));
        return
        [
            new("p50S", Half(idle)), new("maxS", idle[^1].TotalSeconds),
            new("loadedP50S", Half(burdened)), new("loadedMaxS", burdened[^1].TotalSeconds),
            new("apiMaxS", failovers.Max(one => one.Failover.LongestAtTheApi).TotalSeconds),
            new("suspected", suspected), new("evicted", 0),
        ];

        IReadOnlyList<TimeSpan> Of(bool loaded) =>
            [.. failovers.Where(one => one.Loaded == loaded).SelectMany(one => one.Failover.Answered).Order()];
    }

    private static async Task<int> Soak(FailoverService service, TextWriter output, CancellationToken cancellationToken)
    {
        Say(output, $"Soaking for {Soaked.TotalMinutes:0.0} min with two burners for each core.");
        using var load = Burn(service);
        var suspected = await Watch(service, Soaked, cancellationToken);
        Say(output, $"Of three healthy silos at most {suspected} at a time had a vote against them, and none was evicted; {service.Calls}.");
        return suspected;
    }

    /// <summary>Looks on for a while; nobody may be given up meanwhile.</summary>
    /// <returns>How many silos at most had a vote against them.</returns>
    private static async Task<int> Watch(FailoverService service, TimeSpan time, CancellationToken cancellationToken)
    {
        var suspected = 0;
        using var look = new PeriodicTimer(LookEvery);
        for (var seen = TimeSpan.Zero; seen < time; seen += LookEvery)
        {
            await look.WaitForNextTickAsync(cancellationToken);
            suspected = Math.Max(suspected, await service.Suspected(cancellationToken));
            await RequireNoneEvicted(service, cancellationToken);
        }

        return suspected;
    }

    private static async Task RequireNoneEvicted(FailoverService service, CancellationToken cancellationToken)
    {
        if (await service.Evicted(cancellationToken) is [var first, ..] all)
            throw new InvalidOperationException($"{all.Count} silos count as dead that nobody killed, the first of them: {first}");
    }

    private static ProcessorLoad Burn(FailoverService service) => ProcessorLoad.Begin(service.Folder, Soaked + TimeSpan.FromMinutes(1));

    private static double Half(IReadOnlyList<TimeSpan> ordered) => ordered[(ordered.Count - 1) / 2].TotalSeconds;

    private static void Say(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
