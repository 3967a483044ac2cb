using System.Globalization;
using AX2Caption.Grains.Database;
using AX2Caption.Testing.Postgres;
using Npgsql;

namespace AX2Caption.Benchmarks.Jobs;

/// <summary>What a job costs beside its recognition: whole lives of jobs, in empty tables and in tables with a long history.</summary>
internal sealed class JobsBenchmark : IBenchmark
{
    private const int Rounds = 2;
    private const int History = 100_000;
    private const int JobsInMemory = 5_000;
    private const int InFlight = 128;

    // PostgreSQL's own default.
    private const int CacheMiB = 128;

    // After so long the runtime has compiled for good what is used most.
    private static readonly TimeSpan Compiling = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(10);

    public string Name => "jobs";

    public string Summary => "whole lives of jobs a second with an instant engine, on one silo; what 100,000 finished jobs in the tables cost; memory of a live job";

    public async Task<IReadOnlyList<Figure>> Run(TextWriter output, CancellationToken cancellationToken)
    {
        using var folder = new WorkFolder();
        await using var postgres = await PostgresServer.Start(cancellationToken, CacheMiB);
        var bytes = await MeasureBytes(postgres, folder, cancellationToken);
        Say($"A live job keeps {bytes:0} bytes of managed memory.");

        var peer = await PeerQueue.Run(postgres, WarmUp, Measured, InFlight, cancellationToken) / Measured.TotalSeconds;
        Say($"graphile-worker: {peer:0} empty jobs a second, added one by one and done, {InFlight} in flight.");

        await Run("not counted", history: 0, warmUp: Compiling, before: null);
        LifeCycles? empty = null, full = null;
        for (var round = 1; round <= Rounds; round++)
        {
            // Each has the tables it began with: what the earlier round left would be history too.
            empty = await Run("empty tables", history: 0, WarmUp, empty);
            full = await Run("long history", History, WarmUp, full);
        }

        return
        [
            new("perSecond", empty!.Jobs.PerSecond),
            new("historyCost", empty.Jobs.PerSecond / full!.Jobs.PerSecond),
            new("claimP50Ms", empty.ClaimMilliseconds(50)),
            new("claimP99Ms", empty.ClaimMilliseconds(99)),
            new("bytesPerJob", bytes),
            new("peer", peer),
        ];

        async Task<LifeCycles> Run(string name, int history, TimeSpan warmUp, LifeCycles? before)
        {
            await using var service = await JobService.Start(postgres, folder, $"service-{Guid.CreateVersion7():N}", works: true, cancellationToken);
            if (history > 0)
                await AddHistory(service, history);
            var lives = await service.Run(InFlight, warmUp, Measured, cancellationToken);
            Say($"{name}: {lives}");
            if (await service.Audit(cancellationToken) is [var first, ..] violations)
                throw new InvalidOperationException($"The auditor found {violations.Count} violations, the first of them: {first}");
            return before?.And(lives) ?? lives;
        }

        async Task AddHistory(JobService service, int history)
        {
            await service.AddHistory(history, cancellationToken);
            // What was just added so fast is not what is to be measured.
            await using var superuser = NpgsqlDataSource.Create(postgres.SuperuserConnectionString());
            await superuser.Execute("checkpoint", [], cancellationToken);
        }

        void Say(FormattableString line) => output.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<double> MeasureBytes(PostgresServer postgres, WorkFolder folder, CancellationToken cancellationToken)
    {
        await using var service = await JobService.Start(postgres, folder, "resting", works: false, cancellationToken);
        return await service.MeasureBytes(JobsInMemory, cancellationToken);
    }
}
