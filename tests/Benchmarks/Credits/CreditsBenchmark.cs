using System.Globalization;
using AX2Caption.Grains.Auditing;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Postgres;

namespace AX2Caption.Benchmarks.Credits;

/// <summary>The ledger beside what a plain backend would do on the same PostgreSQL, and what its accounts cost while they rest.</summary>
internal sealed class CreditsBenchmark : IBenchmark
{
    private const int Accounts = 10_000;
    private const int Rounds = 2;

    // Whoever compares takes each side at its best.
    private static readonly int[] Clients = [16, 64];
    private static readonly int[] CallsInFlight = [64, 256, 512, 1024];

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Tried = TimeSpan.FromSeconds(3);

    public string Name => "credits";

    public string Summary => "credit operations a second beside row locks on the same PostgreSQL, and what accounts cost at rest";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        await using var postgres = await PostgresServer.Start(cancellationToken);
        var resting = await MeasureRest(postgres, folder, output, cancellationToken);
        var ratios = await MeasureRates(postgres, folder, output, cancellationToken);
        return [.. ratios, .. resting];
    }

    private static async Task<IReadOnlyList<Figure>> MeasureRates(
        PostgresServer postgres, WorkFolder folder, TextWriter output, CancellationToken cancellationToken)
    {
        var rowLocks = await RowLocks.Prepare(postgres, folder, Accounts, cancellationToken);
        await using var service = await CreditService.Start(postgres, Accounts, cancellationToken);

        var shapes = Enum.GetValues<Shape>();
        var best = new Dictionary<Shape, int>();
        foreach (var shape in shapes)
        {
            var tried = new List<(int InFlight, double PerSecond)>();
            foreach (var inFlight in CallsInFlight)
            {
                var stretch = await service.Run(shape, inFlight, WarmUp, Tried, cancellationToken);
                Say(output, $"{shape,-5}  to choose: grains, {inFlight,4} in flight: {stretch}");
                tried.Add((inFlight, stretch.PerSecond));
            }

            best[shape] = tried.MaxBy(one => one.PerSecond).InFlight;
        }

        var plain = new Dictionary<(Shape, int Clients), Stretch>();
        var grains = new Dictionary<Shape, Stretch>();
        for (var round = 1; round <= Rounds; round++)
        {
            foreach (var shape in shapes)
            {
                foreach (var clients in Clients)
                {
                    var stretch = await rowLocks.Run(shape, clients, WarmUp, Measured, cancellationToken);
                    Say(output, $"{shape,-5}  round {round}: row locks, {clients,4} clients: {stretch}");
                    plain[(shape, clients)] = plain.TryGetValue((shape, clients), out var earlier) ? earlier.And(stretch) : stretch;
                }

                var served = await service.Run(shape, best[shape], WarmUp, Measured, cancellationToken);
                Say(output, $"{shape,-5}  round {round}: grains, {best[shape],4} in flight: {served}");
                grains[shape] = grains.TryGetValue(shape, out var before) ? before.And(served) : served;
            }
        }

        RequireOrder(await service.Audit(cancellationToken));
        return [.. shapes.Select(Ratio)];

        Figure Ratio(Shape shape)
        {
            var (rowLocked, served) = (plain.Where(one => one.Key.Item1 == shape).MaxBy(one => one.Value.PerSecond), grains[shape]);
            Say(output, $"{shape,-5}  row locks, {rowLocked.Key.Clients,4} clients: {rowLocked.Value}");
            Say(output, $"{shape,-5}  grains, {best[shape],4} in flight: {served}");
            return new Figure(shape.ToString().ToLowerInvariant(), served.PerSecond / rowLocked.Value.PerSecond);
        }
    }

    private static async Task<IReadOnlyList<Figure>> MeasureRest(
        PostgresServer postgres, WorkFolder folder, TextWriter output, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        await using var accounts = await RestingAccounts.Start(database, folder, cancellationToken);
        var bytes = await accounts.MeasureBytes(cancellationToken);
        Say(output, $"An account at rest keeps {bytes:0} bytes of managed memory.");
        var (one, many) = await accounts.MeasureAwakening(cancellationToken);
        Say(output, $"Its first call after a rest takes {one.TotalMilliseconds:0.00} ms with 1 entry,");
        Say(output, $"                                  {many.TotalMilliseconds:0.00} ms with {RestingAccounts.LongHistory}.");
        RequireOrder(await Book.Audit(database, folder.Folder("resting"), cancellationToken));
        return [new("activation", many / one), new("bytesPerActivation", bytes)];
    }

    private static void RequireOrder(IReadOnlyList<Violation> violations)
    {
        if (violations is [var first, ..])
            throw new InvalidOperationException($"The auditor found {violations.Count} violations, the first of them: {first}");
    }

    private static void Say(TextWriter output, FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
