using System.Globalization;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>
/// The queue of an account as it runs in the silo, several of them at once on one simulated ledger, with crashes before and after
/// the commit, lost answers, delays and messages that come twice. Thousands of seeds a run. A failure names its seed;
/// <c>AX2_SIMULATION_SEED=n</c> begins there, <c>AX2_SIMULATION_RUNS=1</c> ends there.
/// </summary>
public sealed class SeveralActivationsOfOneAccount
{
    private const int Clients = 4;
    private const int StepsPerClient = 12;

    private static readonly CreditLimits Limits = new(OpenHolds: 4, ExpiringGrants: 3);
    private static readonly LedgerOptions Options = new() { MaximumPendingPerAccount = 5, MaximumPerBatch = 3 };

    [Fact]
    public void Whatever_goes_wrong_the_ledger_holds_what_was_acknowledged_and_nothing_that_was_refused()
    {
        var first = Setting("AX2_SIMULATION_SEED") ?? Random.Shared.Next(1_000_000_000);
        var runs = Setting("AX2_SIMULATION_RUNS") ?? 4_000;
        var seen = new Seen();
        for (var seed = first; seed < first + runs; seed++)
        {
            try
            {
                Run(seed, seen);
            }
            catch (Exception fault)
            {
                Assert.Fail($"Seed {seed}: {fault}");
            }
        }

        if (runs < 1_000)
            return;
        int[] counted =
        [
            seen.FenceHeld, seen.HoldReopened, seen.LostBeforeCommit, seen.LostAfterCommit, seen.Rejected, seen.Full, seen.Crashes,
            seen.Unknown, seen.Replays, seen.Conflicts, seen.Insufficient, seen.Expired, seen.Lapsed, seen.Refunds, seen.LargestBatch - 2,
        ];
        Assert.All(counted, count => Assert.True(count > 0, string.Join(' ', counted)));
    }

    private static int? Setting(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static void Run(int seed, Seen seen)
    {
        var world = new SimulatedWorld(seed);
        var ledger = new SimulatedLedger();
        var holdIds = Enumerable.Range(1, 6).Select(n => new Guid(n, 0, 0, new byte[8])).ToArray();
        var activations = Enumerable.Range(0, world.Chance.Next(2, 4)).Select(_ => NewActivation()).ToArray();
        var clients = Enumerable.Range(0, Clients).Select(_ => new SimulatedClient(world, ledger, activations, holdIds, seen)).ToList();
        world.Run(async () =>
        {
            var lives = Task.WhenAll(clients.Select(client => client.Live(StepsPerClient)));
            while (!lives.IsCompleted)
            {
                await world.Later();
                if (world.OneIn(15))
                    Crash(world.Chance.Next(activations.Length));
            }

            await lives;
        });
        Check(ledger, [.. clients.SelectMany(client => client.Record)], seen);

        SimulatedActivation NewActivation() => new(world, ledger, seen, Limits, Options);

        void Crash(int index)
        {
            var dying = activations[index];
            activations[index] = NewActivation();
            dying.Die();
            seen.Crashes++;
        }
    }

    private static void Check(
        SimulatedLedger ledger, List<(CreditOperation Operation, CreditResult? Answer, long SeqBefore, long SeqAfter)> record, Seen seen)
    {
        LedgerChecks.AddsUp(ledger);
        var entries = ledger.Entries.ToDictionary(written => written.Entry.OpId, written => written.Entry);
        foreach (var question in record.GroupBy(asked => asked.Operation.OpId))
        {
            var acknowledged = question.Select(asked => asked.Answer).OfType<CreditResult.Applied>().Select(applied => applied.Entry).ToList();
            var unknown = question.Any(asked => asked.Answer is null);
            Assert.All(acknowledged, entry => Assert.Equal(entries[question.Key], entry));
            if (acknowledged.Count == 0 && !unknown)
                Assert.DoesNotContain(question.Key, entries.Keys);
            seen.Replays += Math.Max(0, acknowledged.Count - 1);
            seen.Conflicts += question.Count(asked => asked.Answer is CreditResult.Conflict);
            Assert.All(question.Where(asked => asked.Answer is CreditResult.Conflict), asked => Assert.Contains(asked.Operation.OpId, entries.Keys));
        }

        // A refusal for want of credits was true at some moment while the question was open.
        foreach (var (_, answer, seqBefore, seqAfter) in record)
        {
            if (answer is not CreditResult.InsufficientCredits refused)
                continue;
            seen.Insufficient++;
            Assert.Contains(refused.Available, LedgerChecks.AvailableBetween(ledger, seqBefore, seqAfter));
        }

        seen.Expired += ledger.Entries.Count(written => written.Entry.Kind == CreditEntryKind.Expire);
        seen.Lapsed += ledger.Entries.Count(written => written.Entry.Kind == CreditEntryKind.Lapse);
        seen.Refunds += ledger.Entries.Count(written => written.Entry.Kind == CreditEntryKind.Refund);
    }
}
