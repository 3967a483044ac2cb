using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Tests.Jobs;

/// <summary>Somebody holds a job's row, and does not let go of it.</summary>
[Collection<MediaCluster>]
public sealed class WaitingForAHeldRow(ServiceFixture service) : ClusterScenario(service)
{
    private static readonly JobWriterOptions Impatient = new() { LockTimeout = TimeSpan.FromMilliseconds(100) };

    // The longest that a test waits for what ends by itself.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly WorkDatabase database = new(service.Database.SiloConnectionString, Impatient.LockTimeout);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        database.Dispose();
        await base.DisposeAsync();
    }

    [Fact]
    public async Task A_change_gives_up_after_a_while_and_may_be_repeated_when_the_row_is_free()
    {
        await using var writer = new JobWriter(database, Options.Create(Impatient), Service.Clock);
        var job = await Submit();
        await using (await HeldRow.Take(Service, "select from caption_job where job_id = $1 for update", job.JobId))
        {
            var refused = await Assert.ThrowsAsync<PostgresException>(() => Cancel(writer, job).WaitAsync(Patience, Ct));
            Assert.Equal(PostgresErrorCodes.LockNotAvailable, refused.SqlState);
        }

        Assert.Equal(JobState.Canceled, (await Cancel(writer, job).WaitAsync(Patience, Ct))?.State);
        await Service.Job(job.JobId).Drive();
    }

    [Fact]
    public async Task Jobs_whose_rows_are_free_are_not_kept_from_their_commit()
    {
        await using var writer = new JobWriter(database, Options.Create(Impatient), Service.Clock);
        var held = await Submit();
        var free = await Service.SubmitJob(held.AccountId, held.VideoId);
        await using (await HeldRow.Take(Service, "select from caption_job where job_id = $1 for update", held.JobId))
        {
            var waiting = Cancel(writer, held);
            Assert.Equal(JobState.Canceled, (await Cancel(writer, free).WaitAsync(Patience, Ct))?.State);
            await Assert.ThrowsAsync<PostgresException>(() => waiting.WaitAsync(Patience, Ct));
        }

        await Service.Job(free.JobId).Drive();
    }

    [Theory]
    [InlineData("00:00:00.100", "100ms")]
    [InlineData("00:00:15", "15s")]
    public async Task Each_connection_waits_as_long_as_is_set(string setting, string expected)
    {
        using var set = new WorkDatabase(Service.Database.SiloConnectionString, TimeSpan.Parse(setting, null));

        Assert.Equal([expected], await set.Source.Read("show lock_timeout", [], row => row.GetString(0), Ct));
        Assert.Equal([$"{ServiceCluster.LockTimeout.TotalSeconds}s"], await Service.Service<WorkDatabase>().Source.Read("show lock_timeout", [], row => row.GetString(0), Ct));
    }

    private Task<CaptionJob?> Cancel(JobWriter writer, JobSnapshot job) => writer.Change(job.JobId, before => before.Canceled(Service.Clock.UtcNow()));

    private async Task<JobSnapshot> Submit()
    {
        var accountId = await Service.NewGuest();
        return await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
    }
}
