using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Tests.Cluster;

namespace AX2Caption.Grains.Tests.Jobs;

[Collection<MediaCluster>]
public sealed class SubmittingAJob(ServiceFixture service) : ClusterScenario(service)
{
    private const long Grant = CustomerExtensions.GuestGrant;

    private readonly Guid jobId = Guid.CreateVersion7();

    private ICaptionJobGrain Job => Service.Job(jobId);

    [Fact]
    public async Task It_is_queued_with_its_price_held()
    {
        var (accountId, videoId) = await GuestWithVideo(TimeSpan.FromMilliseconds(60_001));

        var accepted = Assert.IsType<SubmitJobResult.Accepted>(await Job.Submit(new SubmitJob(accountId, videoId, "en-US", Profile: null)));

        Assert.False(accepted.Replayed);
        Assert.Equal((JobState.Queued, 2L, 0), (accepted.Job.State, accepted.Job.Price, accepted.Job.Progress.Percent));
        Assert.Equal(LayoutProfiles.DefaultFor("en").Name, accepted.Job.Profile);
        Assert.Equal(new CreditBalance(Grant - 2, 2), await Service.Balance(accountId));
        Assert.Equal(accepted.Job, await Service.Get(accepted.Job));
    }

    [Fact]
    public async Task The_same_again_gets_the_same_job_and_is_charged_once()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var command = new SubmitJob(accountId, videoId, "en", Profile: null);
        var first = Assert.IsType<SubmitJobResult.Accepted>(await Job.Submit(command));

        Assert.Equal(first with { Replayed = true }, await Job.Submit(command));
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(accountId));
        Assert.Single(await new HandWorker(Service).ClaimAll());
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null));

        Assert.IsType<SubmitJobResult.KeyReused>(await Job.Submit(new SubmitJob(accountId, videoId, "en", LayoutProfiles.Bbc.Name)));
        Assert.IsType<SubmitJobResult.KeyReused>(await Job.Submit(new SubmitJob(accountId, Guid.CreateVersion7(), "en", Profile: null)));
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(accountId));
    }

    [Fact]
    public async Task The_same_at_once_from_both_silos_makes_one_job_and_one_reserve()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var command = new SubmitJob(accountId, videoId, "en", Profile: null);

        var results = await Task.WhenAll(Enumerable.Range(0, 30).Select(i =>
            Service.From(silo: i).GetGrain<ICaptionJobGrain>(jobId).Submit(command)));

        Assert.Single(results.Cast<SubmitJobResult.Accepted>(), accepted => !accepted.Replayed);
        Assert.Single((await Service.Grains.GetGrain<IJobIndexGrain>(accountId).List(after: null, limit: 10, Ct)).Jobs);
        Assert.Equal([CreditEntryKind.Grant, CreditEntryKind.Reserve], (await Service.Ledger(accountId)).Select(entry => entry.Kind));
    }

    [Fact]
    public async Task Two_activations_that_both_submit_it_make_one_job_and_one_reserve()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await using var rival = await Service.StartRival();
        var command = new SubmitJob(accountId, videoId, "en", Profile: null);

        var results = await Task.WhenAll(Job.Submit(command), rival.Client.GetGrain<ICaptionJobGrain>(jobId).Submit(command));

        Assert.Single(results.Cast<SubmitJobResult.Accepted>(), accepted => !accepted.Replayed);
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(accountId));
        Assert.Single(await new HandWorker(Service).ClaimAll());
    }

    [Fact]
    public async Task Without_the_credits_it_is_refused_with_what_is_needed_and_nothing_is_left_behind()
    {
        var (accountId, videoId) = await GuestWithVideo(TimeSpan.FromMinutes(31));

        Assert.Equal(
            new SubmitJobResult.InsufficientCredits(31, Grant), await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));

        Assert.IsType<JobResult.NotFound>(await Job.Get(accountId, Ct));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
        Assert.Empty(await new HandWorker(Service).ClaimAll());
    }

    [Fact]
    public async Task A_video_that_is_not_ready_is_refused()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);

        Assert.IsType<SubmitJobResult.VideoNotReady>(await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
        await AssertNothingHappened(accountId);
    }

    [Fact]
    public async Task A_video_that_was_rejected_is_refused_with_the_reason()
    {
        var accountId = await Service.NewGuest();
        var videoId = await Service.Upload(accountId);
        var worker = new HandWorker(Service);
        var reason = new Failure("no_audio", "The file has no audio.");
        await worker.Complete(await worker.Claim(), new TaskOutcome.Unplayable(reason));

        Assert.Equal(new SubmitJobResult.VideoRejected(reason), await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
        await AssertNothingHappened(accountId);
    }

    [Fact]
    public async Task A_video_of_another_account_or_of_nobody_is_not_found()
    {
        var (_, videoId) = await GuestWithVideo();
        var stranger = await Service.NewGuest();

        Assert.IsType<SubmitJobResult.VideoNotFound>(await Job.Submit(new SubmitJob(stranger, videoId, "en", Profile: null)));
        Assert.IsType<SubmitJobResult.VideoNotFound>(await Job.Submit(new SubmitJob(stranger, Guid.CreateVersion7(), "en", Profile: null)));
        await AssertNothingHappened(stranger);
    }

    [Fact]
    public async Task A_language_that_nobody_serves_is_refused_with_those_that_are()
    {
        var (accountId, videoId) = await GuestWithVideo();

        Assert.Equal(
            ["en"], Assert.IsType<SubmitJobResult.LanguageNotServed>(await Job.Submit(new SubmitJob(accountId, videoId, "ko", Profile: null))).Served);
        await AssertNothingHappened(accountId);
    }

    [Fact]
    public async Task An_unknown_profile_is_refused_with_those_that_are_known()
    {
        var (accountId, videoId) = await GuestWithVideo();

        Assert.Equal(
            LayoutProfiles.All.Select(profile => profile.Name),
            Assert.IsType<SubmitJobResult.ProfileUnknown>(await Job.Submit(new SubmitJob(accountId, videoId, "en", "comic-sans"))).Known);
        await AssertNothingHappened(accountId);
    }

    [Fact]
    public async Task An_account_has_a_limit_of_live_jobs_and_ended_ones_do_not_count()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var first = await Service.SubmitJob(accountId, videoId);
        await Service.SubmitJob(accountId, videoId);
        await Service.SubmitJob(accountId, videoId);

        Assert.Equal(new SubmitJobResult.TooManyJobs(3), await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));
        await Service.Job(first.JobId).Cancel(accountId);
        await Service.SubmitJob(accountId, videoId, jobId);
    }

    [Fact]
    public async Task Another_account_neither_sees_nor_cancels_it()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var stranger = await Service.NewGuest();
        var job = await Service.SubmitJob(accountId, videoId, jobId);

        Assert.IsType<JobResult.NotFound>(await Job.Get(stranger, Ct));
        Assert.IsType<CancelJobResult.NotFound>(await Job.Cancel(stranger));
        Assert.Empty((await Service.Grains.GetGrain<IJobIndexGrain>(stranger).List(after: null, limit: 10, Ct)).Jobs);
        Assert.Equal(JobState.Queued, (await Service.Get(job)).State);
    }

    [Fact]
    public async Task After_a_crash_between_reserve_and_insert_the_retry_meets_its_hold_again()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await ReserveAsSubmitDoes(accountId);

        var accepted = Assert.IsType<SubmitJobResult.Accepted>(await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));

        Assert.False(accepted.Replayed);
        Assert.Equal(new CreditBalance(Grant - 1, 1), await Service.Balance(accountId));
        Assert.Equal(2, (await Service.Ledger(accountId)).Count);
    }

    [Fact]
    public async Task After_a_crash_between_reserve_and_insert_a_late_retry_has_the_hold_for_as_long_as_any_job()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await ReserveAsSubmitDoes(accountId);
        Service.Clock.Advance(TimeSpan.FromHours(11));

        var job = Assert.IsType<SubmitJobResult.Accepted>(await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null))).Job;

        var hold = Assert.Single((await Service.Credits(accountId).GetOverview(Ct)).OpenHolds);
        Assert.True(hold.ExpiresAt >= job.CreatedAt + TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task After_a_crash_between_reserve_and_insert_a_retry_that_comes_too_late_is_refused_and_the_hold_is_back()
    {
        var (accountId, videoId) = await GuestWithVideo();
        await ReserveAsSubmitDoes(accountId);
        Service.Clock.Advance(TimeSpan.FromHours(13));

        Assert.IsType<SubmitJobResult.KeyReused>(await Job.Submit(new SubmitJob(accountId, videoId, "en", Profile: null)));

        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
        Assert.IsType<JobResult.NotFound>(await Job.Get(accountId, Ct));
    }

    [Fact]
    public async Task Jobs_are_listed_newest_first_in_pages()
    {
        var (accountId, videoId) = await GuestWithVideo();
        var jobs = new List<Guid>();
        for (var i = 0; i < 3; i++)
        {
            jobs.Insert(0, (await Service.SubmitJob(accountId, videoId)).JobId);
            Service.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var index = Service.Grains.GetGrain<IJobIndexGrain>(accountId);
        var first = await index.List(after: null, limit: 2, Ct);
        var second = await index.List(first.Next, limit: 2, Ct);

        Assert.Equal(jobs, first.Jobs.Concat(second.Jobs).Select(job => job.JobId));
        Assert.Null(second.Next);
    }

    private async Task<(Guid AccountId, Guid VideoId)> GuestWithVideo(TimeSpan? duration = null)
    {
        var accountId = await Service.NewGuest();
        return (accountId, await Service.ReadyVideo(accountId, duration));
    }

    /// <summary>The first half of a submission whose silo then died.</summary>
    private async Task ReserveAsSubmitDoes(Guid accountId) => Assert.IsType<CreditResult.Applied>(
        await Service.Credits(accountId).Reserve(new ReserveCredits(
            DerivedId.From(jobId, "reserve"), jobId, Amount: 1, Service.Clock.GetUtcNow().AddHours(12), "Captions are being made.")));

    private async Task AssertNothingHappened(Guid accountId)
    {
        Assert.IsType<JobResult.NotFound>(await Job.Get(accountId, Ct));
        Assert.Equal(new CreditBalance(Grant, 0), await Service.Balance(accountId));
    }
}
