using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Work;

/// <summary>What goes wrong with an attempt by its worker's fault.</summary>
[Collection<MediaCluster>]
public sealed class FailingByTheMachine(ServiceFixture service) : ClusterScenario(service)
{
    private const string State = "select state || ' ' || attempt || ' ' || outages || ' ' || failure_code from task where job_id = $1";

    private readonly Attempts attempts = new(service);

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        attempts.Dispose();
        await base.DisposeAsync();
    }

    public static TheoryData<Exception, string> Faults => new()
    {
        // Another worker like this one would fail as well, and nothing is wrong with the file.
        { new SandboxUnavailableException("There is none."), "queued 0 1 internal_error" },
        // The file may have had its part in it.
        { new MediaToolDisturbedException("It was killed."), "queued 1 0 internal_error" },
        { new IOException("No space left on device", 28), "queued 1 0 internal_error" },
    };

    [Theory]
    [MemberData(nameof(Faults), DisableDiscoveryEnumeration = true)]
    public async Task It_is_tried_again_after_the_worker_has_rested(Exception fault, string state)
    {
        var (job, task) = await Claimed();

        await attempts.Make(task, _ => throw fault);

        Assert.Equal(state, await Service.Value<string>(State, job.JobId));
        Assert.True(attempts.IsRestDue);
    }

    [Fact]
    public async Task What_the_input_is_to_blame_for_gives_no_rest()
    {
        var (_, task) = await Claimed();

        await attempts.Make(task, _ => throw new InvalidDataException("It makes no sense."));

        Assert.False(attempts.IsRestDue);
    }

    [Fact]
    public async Task A_tool_that_is_told_to_end_with_its_worker_is_no_failure()
    {
        var (job, task) = await Claimed();
        using var stop = new CancellationTokenSource();
        // The time within which it must have heard of the stop is never over.
        using var patient = new Attempts(Service, new FakeTimeProvider());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => patient.MakeUntilStopped(
            task,
            _ =>
            {
                stop.CancelAfter(TimeSpan.FromMilliseconds(200));
                throw new MediaToolDisturbedException("It was told to end.") { WasToldToEnd = true };
            },
            stop.Token));

        Assert.Equal(1, await Service.Value<long>("select count(*) from task where job_id = $1 and state = 'claimed' and failure_code is null", job.JobId));
    }

    private async Task<(JobSnapshot Job, ClaimedTask Task)> Claimed()
    {
        var accountId = await Service.NewGuest();
        var job = await Service.SubmitJob(accountId, await Service.ReadyVideo(accountId));
        return (job, await new HandWorker(Service).Claim());
    }
}
