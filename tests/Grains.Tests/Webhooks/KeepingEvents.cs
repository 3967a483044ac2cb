using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Tests.Accounts;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Webhooks;

/// <summary>What is written of a job's change, in the transaction of that change.</summary>
[Collection<MediaCluster>]
public sealed class KeepingEvents(ServiceFixture service) : WebhookScenario(service)
{
    [Fact]
    public async Task Each_end_of_a_job_is_told_once_to_each_endpoint_that_wants_it()
    {
        var all = await Register();
        var ends = await Register(null, WebhookEventTypes.JobSucceeded, WebhookEventTypes.JobFailed);
        var (failed, prepare) = await Start();
        Tick();
        await Worker.Fail(prepare, HandWorker.Final);
        await Worker.Fail(prepare, HandWorker.Final);
        var canceled = await CanceledJob();
        await Service.Job(canceled.JobId).Cancel(MemberId);
        var (succeeded, next) = await Start();
        await Worker.CompletePrepare(next, chunks: 1);
        await Worker.CompleteTranscribe(await Worker.Claim());
        Tick();
        await Worker.CompleteCompose(await Worker.Claim());

        Assert.Equal(
            [
                (failed.JobId, "job.started"), (failed.JobId, "job.failed"), (canceled.JobId, "job.canceled"), (succeeded.JobId, "job.started"),
                (succeeded.JobId, "job.succeeded"),
            ],
            (await Deliveries(all)).Select(delivery => (delivery.JobId!.Value, delivery.Type)));
        Assert.Equal(
            [(failed.JobId, "job.failed"), (succeeded.JobId, "job.succeeded")],
            (await Deliveries(ends)).Select(delivery => (delivery.JobId!.Value, delivery.Type)));
        // The same event everywhere.
        Assert.Subset((await Deliveries(all)).Select(Told).ToHashSet(), (await Deliveries(ends)).Select(Told).ToHashSet());

        static (Guid, string) Told(WebhookDelivery delivery) => (delivery.EventId, delivery.Payload);
    }

    [Fact]
    public async Task Nothing_is_kept_for_who_is_not_concerned()
    {
        var disabled = await Register();
        await Webhooks.Change(new ChangeWebhook(disabled, null, null, null, Enabled: false, MemberExtensions.Origin()));
        var strangerId = await Service.SignUp("eve@example.com");
        Assert.IsType<RegisterWebhookResult.Registered>(await WebhooksOf(strangerId).Register(NewWebhook(Receiver.Url)));

        await CanceledJob();

        Assert.Equal(0, await Service.Value<long>("select count(*) from webhook_delivery"));
    }

    [Fact]
    public async Task An_event_that_cannot_be_kept_leaves_the_job_as_it_was()
    {
        var webhookId = await Register();
        var (job, _) = await Start();
        await Service.Execute("alter table webhook_delivery add constraint broken check (type <> 'job.canceled')");
        try
        {
            await Assert.ThrowsAsync<DataRefusedException>(() => Service.Job(job.JobId).Cancel(MemberId));
            Assert.Equal(JobState.Processing, (await Service.Get(job)).State);
            Assert.Equal("job.started", (await Deliveries(webhookId)).Single().Type);
        }
        finally
        {
            await Service.Execute("alter table webhook_delivery drop constraint broken");
        }

        Tick();
        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(MemberId));
        Assert.Equal(["job.started", "job.canceled"], (await Deliveries(webhookId)).Select(delivery => delivery.Type));
    }

    [Fact]
    public async Task An_endpoint_that_goes_at_the_same_moment_is_not_told_and_keeps_nothing_from_the_job()
    {
        var webhookId = await Register();
        var (job, _) = await Start();
        await using var held = await HeldRow.Take(Service, "delete from webhook_endpoint where endpoint_id = $1", webhookId);
        var canceling = Service.Job(job.JobId).Cancel(MemberId);
        await held.Blocks(canceling);
        await held.Commit();

        Assert.IsType<CancelJobResult.Canceled>(await canceling);
        Assert.Equal(0, await Service.Value<long>("select count(*) from webhook_delivery"));
    }

    [Fact]
    public async Task What_a_sender_notes_of_an_endpoint_holds_up_no_job()
    {
        var webhookId = await Register();
        var (job, _) = await Start();
        await using var held = await HeldRow.Take(Service, "update webhook_endpoint set failures = 1, failing_since = now() where endpoint_id = $1", webhookId);

        Assert.IsType<CancelJobResult.Canceled>(await Service.Job(job.JobId).Cancel(MemberId));
    }

    [Fact]
    public async Task A_guests_job_is_told_to_the_member_that_the_guest_becomes()
    {
        var webhookId = await Register();
        var guestId = await Service.NewGuest();
        var job = await Service.SubmitJob(guestId, await Service.ReadyVideo(guestId));
        await Worker.Start(await Worker.Claim());
        Assert.IsType<AdoptGuestResult.Adopted>(await Service.Account(MemberId).AdoptGuest(guestId));

        await Service.Job(job.JobId).Cancel(MemberId);

        Assert.Equal(("job.canceled", job.JobId), (await Deliveries(webhookId)).Select(delivery => (delivery.Type, delivery.JobId!.Value)).Single());
    }
}
