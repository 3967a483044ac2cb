using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class StoppingTheSilo(PostgresFixture postgres) : Scenario(postgres)
{
    /// <summary>A Silo starts more slowly on a machine that is busy with other things.</summary>
    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Api = new Dictionary<string, string>(base.Settings.Api) { ["Cluster__RetryFor"] = "00:03:00" },
    };

    [Fact]
    public async Task Hands_its_task_back_without_counting_the_attempt_and_ends_cleanly()
    {
        var (client, job) = await SubmitSample();
        await client.WaitFor(job.Id, now => now.Progress.Stage == "transcribe", Ct);

        Assert.Equal(0, await Service.StopSilo(Ct));

        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from task where state = 'claimed'", Ct));
        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from worker", Ct));

        await Service.StartSilo(Ct);
        Assert.Equal("succeeded", (await client.WaitForEnd(job.Id, Ct)).State);
        Assert.Equal([1], (await Book.Query<int>(Service, "select distinct attempt from task where state = 'done'", Ct)));
        await BookIsInOrder();
    }

    [Fact]
    public async Task Lets_a_request_wait_until_it_is_back_and_charges_once()
    {
        var (client, first) = await SubmitSample(repetitions: 1);
        await client.WaitForEnd(first.Id, Ct);
        await Service.KillSilo();

        // Two identical requests go out while nobody can answer them.
        var submits = new[] { client.Submit(first.VideoId, "the-same-key", cancellationToken: Ct), client.Submit(first.VideoId, "the-same-key", cancellationToken: Ct) };
        await Service.StartSilo(Ct);
        var jobs = await Task.WhenAll(submits);

        Assert.Equal(jobs[0].Id, jobs[1].Id);
        Assert.Equal("succeeded", (await client.WaitForEnd(jobs[0].Id, Ct)).State);
        Assert.Equal(2, (await client.Entries(cancellationToken: Ct)).Items.Count(entry => entry.Kind == "reserve"));
        await BookIsInOrder();
    }
}
