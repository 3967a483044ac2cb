using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>What operators see of jobs and do to them, and what the audit log has of it.</summary>
public sealed class OperatingOnJobs(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_job_is_found_inspected_and_canceled_and_the_log_says_who_did_which()
    {
        using var admin = await fixture.Service.CreateAdmin(Cancellation);
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        await admin.Client.Apply(account, "grants", new { amount = 5, reason = "For a long film." }, cancellationToken: Cancellation);
        var video = await guest.UploadAndProbe(fixture.Expensive, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);

        var listed = Assert.Single((await admin.Client.JobsOfAll($"?accountId={account}", Cancellation)).Items);
        var shown = await admin.Client.Inspect(job.Id, Cancellation);
        using var canceled = await admin.Client.Send(Post(job.Id, "cancel"), Cancellation);
        var after = await admin.Client.Inspect(job.Id, Cancellation);

        Assert.Equal((account, job.Id), (listed.AccountId, listed.Job.Id));
        Assert.Equal((account, job.Id), (shown.AccountId, shown.Job.Id));
        Assert.True(shown.DeadlineAt > job.CreatedAt);
        Assert.Equal(shown.TaskCount, shown.Tasks.Count);
        Assert.Contains(shown.Tasks, task => task.Kind == "prepare");
        // It may have been done before.
        Assert.True((int)canceled.StatusCode is 200 or 409);
        Assert.True(after.Credit is "released" or "settled");
        Assert.All(after.Tasks, task => Assert.True(task.State is "done" or "canceled"));
        var acts = (await fixture.Operator.Events($"?actorId={admin.AccountId}&kind=admin_act", Cancellation)).Items.Select(act => act.Detail).ToList();
        Assert.Contains($"POST /v1/admin/jobs/{job.Id}/cancel", acts);
        Assert.Contains($"GET /v1/admin/jobs/{job.Id}", acts);
        Assert.Contains("GET /v1/admin/jobs/", acts);
    }

    [Fact]
    public async Task A_job_that_has_ended_is_neither_requeued_nor_canceled()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        foreach (var act in new[] { "requeue", "cancel" })
        {
            var problem = await fixture.Operator.Send(Post(job.Id, act), Cancellation).Is(ErrorTable.JobAlreadyEnded);
            Assert.Equal("succeeded", problem.Members["state"].GetString());
        }
    }

    [Fact]
    public async Task A_canceled_job_is_canceled_again_and_not_requeued()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        using var again = await fixture.Operator.Send(Post(job.Id, "cancel"), Cancellation);

        Assert.Equal(200, (int)again.StatusCode);
        await fixture.Operator.Send(Post(job.Id, "requeue"), Cancellation).Is(ErrorTable.JobAlreadyEnded);
    }

    [Fact]
    public async Task A_live_job_is_requeued_and_succeeds_all_the_same()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);

        using var requeued = await fixture.Operator.Send(Post(job.Id, "requeue"), Cancellation);

        Assert.Equal(200, (int)requeued.StatusCode);
        Assert.Equal("succeeded", (await guest.WaitForEnd(job.Id, Cancellation)).State);
        Assert.Equal(ServiceFixture.GuestGrant - 1, (await guest.Credits(Cancellation)).Available);
    }

    [Fact]
    public async Task A_job_that_never_was_is_not_found()
    {
        var id = Guid.CreateVersion7();

        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/jobs/{id}"), Cancellation).Is(ErrorTable.JobNotFound);
        await fixture.Operator.Send(Post(id, "requeue"), Cancellation).Is(ErrorTable.JobNotFound);
        await fixture.Operator.Send(Post(id, "cancel"), Cancellation).Is(ErrorTable.JobNotFound);
    }

    [Fact]
    public async Task The_list_is_narrowed_and_paged()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var canceled = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        var succeeded = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        Assert.Equal([succeeded.Id, canceled.Id], await Ids($"?accountId={account}"));
        Assert.Equal([canceled.Id], await Ids($"?accountId={account}&state=canceled"));
        Assert.Equal([succeeded.Id, canceled.Id], await Ids($"?accountId={account}&state=canceled&state=succeeded"));
        Assert.Empty(await Ids($"?accountId={account}&state=failed"));
        var first = await fixture.Operator.JobsOfAll($"?accountId={account}&limit=1", Cancellation);
        Assert.Equal([canceled.Id], await Ids($"?accountId={account}&limit=1&cursor={first.Next}"));
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/jobs?state=done"), Cancellation).Is(ErrorTable.InvalidRequest);
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/jobs?cursor=x"), Cancellation).Is(ErrorTable.InvalidCursor);
    }

    private async Task<List<Guid>> Ids(string query) =>
        [.. (await fixture.Operator.JobsOfAll(query, Cancellation)).Items.Select(item => item.Job.Id)];

    private static HttpRequestMessage Post(Guid jobId, string act) => new(HttpMethod.Post, $"/v1/admin/jobs/{jobId}/{act}");
}
