using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Jobs;

/// <summary>Drives jobs that are past their deadline, that a crash left without a reminder, or that still owe what their end state promised.</summary>
internal sealed class UndeliveredJobSweep(JobStore store, IGrainFactory grains, TimeProvider time) : ISweep
{
    /// <summary>The grain delivers at once; only what is older than this was interrupted.</summary>
    private static readonly TimeSpan DeliveryGrace = TimeSpan.FromSeconds(10);

    /// <summary>A job that is live for so long should have its reminder.</summary>
    private static readonly TimeSpan ReminderGrace = TimeSpan.FromMinutes(1);

    public string Name => "undelivered jobs";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var jobs = await store.Undelivered(now, now - ReminderGrace, now - DeliveryGrace, limit, cancellationToken);
        await EachRow.Finish(jobs, jobId => grains.GetGrain<ICaptionJobGrain>(jobId).Drive());
        return jobs.Count;
    }
}
