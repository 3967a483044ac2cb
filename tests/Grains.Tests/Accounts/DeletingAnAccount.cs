using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.AuditLog;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Accounts;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Cluster;
using AX2Caption.Grains.Tests.Passwords;
using AX2Caption.Grains.Tests.Sessions;
using static AX2Caption.Grains.Tests.Accounts.MemberExtensions;

namespace AX2Caption.Grains.Tests.Accounts;

[Collection<CreditCluster>]
public sealed class DeletingAnAccount(ServiceFixture service) : ClusterScenario(service)
{
    /// <summary>In every name, address and device of the person who goes.</summary>
    private const string Canary = "canary";

    private const string CanaryEmail = $"{Canary}@{Canary}.example";

    private static readonly RequestOrigin Home = new($"{Canary}-address", $"{Canary}-device", "request");

    private HandWorker Worker => new(Service);

    [Fact]
    public async Task Live_work_is_canceled_its_credits_come_back_and_its_objects_go()
    {
        var memberId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(memberId);
        var succeeded = await Succeed(await Service.SubmitJob(memberId, videoId));
        var live = await Service.SubmitJob(memberId, videoId);
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        var uploading = Guid.CreateVersion7();
        await Service.Video(uploading).BeginUpload(new BeginUpload(memberId, "talk.mp4"));
        await Service.Put($"incoming/{uploading}");
        var before = await Service.Ledger(memberId);

        Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));

        Assert.Equal(
            ["canceled", "succeeded"],
            await Service.Value<string[]>("select array_agg(state order by state) from caption_job where account_id = $1", memberId));
        Assert.Equal("released", await Service.Value<string>("select credit_state from caption_job where job_id = $1", live.JobId));
        var ledger = await Service.Ledger(memberId);
        Assert.Equal(before, ledger.SkipLast(1));
        Assert.Equal((CreditEntryKind.Release, live.JobId), (ledger[^1].Kind, ledger[^1].HoldId));
        Assert.Equal(new CreditBalance(AccountExtensions.MemberGrant - succeeded.Price, 0), await Service.Balance(memberId));
        Assert.Equal(0, await CountObjects());
        Assert.Equal(
            ["deleted"], await Service.Value<string[]>("select array_agg(distinct state) from video where account_id = $1", memberId));
        Assert.NotEqual(TaskVerdict.Accepted, await Worker.CompletePrepare(prepare, chunks: 1));

        Service.Clock.Advance(TimeSpan.FromMinutes(16));
        await Service.Sweep<AccountPurgeSweep>();
        Assert.Equal(0, await CountObjects());
    }

    [Fact]
    public async Task Nothing_personal_is_left_in_any_column_of_any_table()
    {
        var guestId = await Service.NewGuest();
        await new Device { Origin = Home }.StartAsGuest(Service.Grains, guestId);
        var abandoned = Guid.CreateVersion7();
        await Service.Video(abandoned).BeginUpload(new BeginUpload(guestId, $"{Canary}.mp4"));
        await Service.Video(abandoned).AbandonUpload();
        await Register(CanaryEmail, guestId);
        await Register("other@other.example", guestId); // begun and never confirmed
        var memberId = await Confirm();
        await Service.Account(memberId).ChangeProfile(new ChangeProfile(SetName: true, $"{Canary} Lovelace", Language: null));
        var device = new Device { Origin = Home };
        Assert.IsType<SignInResult.SignedIn>(await Service.Grains.SignIn(CanaryEmail, device: device));
        await device.Refresh(Service.Grains);
        await Service.Grains.SignIn(CanaryEmail, "wrong", new Device { Origin = Home });
        // Whoever asks for these need not be the owner: they are noted as anybody's and about nobody, and such notes stay.
        await Service.Grains.Address(CanaryEmail).RequestPasswordReset(CanaryEmail, "en", Origin());
        Assert.IsType<RegisterResult.Accepted>(
            await Service.Grains.Address(CanaryEmail).Register(NewRegistration(CanaryEmail) with { Name = Canary }));
        var videoId = Guid.CreateVersion7();
        var begun = Assert.IsType<BeginUploadResult.Begun>(
            await Service.Video(videoId).BeginUpload(new BeginUpload(memberId, $"{Canary}.mp4")));
        await Service.Put(begun.ObjectKey);
        await Service.Video(videoId).CompleteUpload(CustomerExtensions.Bytes(memberId));
        await Worker.CompleteProbe(await Worker.Claim(), TimeSpan.FromMinutes(1));
        await Succeed(await Service.SubmitJob(memberId, videoId));
        // As an admin, on somebody else.
        await Service.Roles().Set(CanaryEmail, MemberRole.Admin, "operator");
        var strangerId = await Service.SignUp("eve@example.com");
        var eve = new RequestOrigin("192.0.2.50", "EvesBrowser/1.0", "request");
        await Service.Grains.GetGrain<IAuditLogGrain>(0).Append(new AuditEvent(
            Guid.CreateVersion7(), Service.Clock.GetUtcNow(), "admin_act", strangerId, memberId, "admin", Home, "GET /v1/admin/accounts/{id}"));
        await Service.Grains.GetGrain<IAuditLogGrain>(0).Append(new AuditEvent(
            Guid.CreateVersion7(), Service.Clock.GetUtcNow(), "admin_act", memberId, strangerId, "admin", eve, "GET /v1/admin/accounts/{id}"));
        Assert.NotEmpty(await TablesWithCanaries(EmailAddress.Read(CanaryEmail)!.Key));

        var (entries, events) = (await Service.Value<long>(Count("credit_entry")), await Service.Value<long>(Count("audit_event")));
        var last = new RequestOrigin("192.0.2.99", "LastDevice/1.0", "request");
        Assert.IsType<ConfirmedByPassword.Done>(await Service.Account(memberId).Delete(Digests.Of(Password), last));

        Assert.Empty(await TablesWithCanaries(EmailAddress.Read(CanaryEmail)!.Key));
        Assert.Equal(entries, await Service.Value<long>(Count("credit_entry")));
        // What happened is still known, and from where the account was deleted, for whom it may concern.
        Assert.Equal(events + 1, await Service.Value<long>(Count("audit_event")));
        Assert.Equal(
            "192.0.2.99", await Service.Value<string>("select address from audit_event where kind = 'account_deleted' and actor_id = $1", memberId));
        Assert.Equal(
            ["192.0.2.10"], await Service.Value<string[]>("select array_agg(distinct address) from audit_event where kind = 'member_created' and address is not null"));

        Assert.Equal(1, await Service.Value<long>(
            "select count(*) from audit_event where account_id = $1 and address = '192.0.2.50' and detail is not null", memberId));

        async Task<Guid> Confirm()
        {
            var mails = await new Mail.Postman(Service).DeliverTo(CanaryEmail);
            var link = Service.Grains.GetGrain<IAccountLinkGrain>(Mail.Postman.KeyOf(Assert.Single(mails)));
            return Assert.IsType<ConfirmEmailResult.Confirmed>(await link.ConfirmEmail(Home)).AccountId;
        }
    }

    [Fact]
    public async Task Nobody_is_signed_in_to_it_any_more_and_the_address_is_free()
    {
        await using var rival = await Service.StartRival();
        var memberId = await Service.SignUp();
        var device = await Service.NewDevice();
        await Service.Grains.Address(Ada).RequestPasswordReset(Ada, "en", Origin());
        var link = await new Mail.Postman(Service).DeliverLinkTo(Ada);

        Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));

        Assert.Null(await device.Find(rival.Client));
        Assert.IsType<RefreshResult.Ended>(await device.Show(rival.Client));
        Assert.IsType<SignInResult.WrongPassword>(await Service.Grains.SignIn());
        Assert.IsType<ResetPasswordResult.LinkNotValid>(await link.ResetPassword(Digests.Of("another"), Origin()));
        Assert.Null(await Service.Account(memberId).GetProfile(Ct));
        Assert.NotNull((await Service.Account(memberId).Get(Ct))!.ClosedAt);
        Assert.Null(await Service.Roles().Set(Ada, MemberRole.Admin, "operator"));

        var again = await Service.SignUp();
        Assert.NotEqual(memberId, again);
        Assert.Equal(new CreditBalance(AccountExtensions.MemberGrant, 0), await Service.Balance(again));
        await Service.NewDevice();
    }

    [Fact]
    public async Task It_needs_the_password_of_a_member_and_none_of_a_guest_and_may_be_asked_for_again()
    {
        var (memberId, guestId) = (await Service.SignUp(), await Service.NewGuest());

        Assert.IsType<ConfirmedByPassword.WrongPassword>(await Service.Account(memberId).Delete(passwordDigest: null, Origin()));
        for (var attempt = 0; attempt < 6; attempt++)
            Assert.IsType<ConfirmedByPassword.WrongPassword>(await Service.Account(memberId).Delete(Digests.Of("wrong"), Origin()));
        Assert.IsType<ConfirmedByPassword.Throttled>(await Delete(memberId));
        Assert.Null((await Service.Account(memberId).Get(Ct))!.ClosedAt);
        Service.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));
        Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));
        Assert.IsType<ConfirmedByPassword.Done>(await Service.Account(guestId).Delete(passwordDigest: null, Origin()));
        Assert.IsType<ConfirmedByPassword.NotAMember>(await Delete(Guid.CreateVersion7()));

        Assert.Equal(2, await Service.Events("account_deleted"));
        Assert.IsType<AdoptGuestResult.GuestNotFound>(await Service.Account(await Service.SignUp("eve@example.com")).AdoptGuest(guestId));
    }

    [Fact]
    public async Task Nothing_new_is_the_accounts()
    {
        var memberId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(memberId);
        await Delete(memberId);

        Assert.IsType<BeginUploadResult.AccountNotFound>(
            await Service.Video(Guid.CreateVersion7()).BeginUpload(new BeginUpload(memberId, "talk.mp4")));
        Assert.IsType<SubmitJobResult.VideoNotFound>(
            await Service.Job(Guid.CreateVersion7()).Submit(new SubmitJob(memberId, videoId, "en", Profile: null)));
        Assert.Empty(await Service.Videos(memberId));
    }

    [Fact]
    public async Task What_begins_at_the_same_moment_is_deleted_too_or_refused()
    {
        for (var round = 0; round < 10; round++)
        {
            var email = $"user{round}@example.com";
            var memberId = await Service.SignUp(email);
            var videoId = await Service.ReadyVideo(memberId);
            var uploads = Enumerable.Range(0, 2).Select(i =>
                Service.From(silo: i).GetGrain<IVideoGrain>(Guid.CreateVersion7()).BeginUpload(new BeginUpload(memberId, "talk.mp4"))).ToList();
            var jobs = Enumerable.Range(0, 2).Select(i =>
                Service.From(silo: i).GetGrain<ICaptionJobGrain>(Guid.CreateVersion7()).Submit(new SubmitJob(memberId, videoId, "en", Profile: null))).ToList();

            Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));
            await Task.WhenAll(uploads);
            await Task.WhenAll(jobs);

            Assert.Equal(0, await Service.Value<long>("select count(*) from video where account_id = $1 and state <> 'deleted'", memberId));
            Assert.Equal(0, await Service.Value<long>("select count(*) from caption_job where account_id = $1 and purged_at is null", memberId));
        }
    }

    [Fact]
    public async Task What_a_worker_stored_after_it_is_swept_up()
    {
        var memberId = await Service.SignUp();
        var job = await Service.SubmitJob(memberId, await Service.ReadyVideo(memberId));
        await Delete(memberId);
        Assert.Equal(0, await CountObjects());
        await Service.Put($"videos/{job.VideoId}/source");
        await Service.Put($"{JobKeys.WorkPrefix(job.JobId)}x/audio.pcm");
        await Service.Put($"jobs/{job.JobId}/output/x/captions.srt");

        Service.Clock.Advance(new AccountOptions().PurgeAgainAfter);
        Assert.Equal(0, await Service.Sweep<AccountPurgeSweep>());
        Service.Clock.Advance(TimeSpan.FromMicroseconds(1));
        Assert.Equal(1, await Service.Sweep<AccountPurgeSweep>());
        Assert.Equal(0, await Service.Sweep<AccountPurgeSweep>());

        Assert.Equal(0, await CountObjects());
        Assert.Equal(1, await Service.Value<long>("select count(*) from account where account_id = $1 and purged_at is not null", memberId));
    }

    [Theory]
    [InlineData("caption_job")]
    [InlineData("video")]
    [InlineData("task")]
    [InlineData("credit_account where reserved > 0")]
    public async Task Cut_off_in_the_middle_it_is_finished_by_the_sweeps(string row)
    {
        var memberId = await Service.SignUp();
        var videoId = await Service.ReadyVideo(memberId);
        await Succeed(await Service.SubmitJob(memberId, videoId));
        await Service.SubmitJob(memberId, videoId);
        await using (var held = await HeldRow.Take(Service, $"select from {row} for update"))
        {
            var deletion = Delete(memberId);
            await held.Blocks(deletion);
            await Service.CutConnections();
            await held.Release(); // for the steps after the one that was cut off
            // The account is closed, and that is what is answered, if an answer comes through at all.
            try
            {
                Assert.IsType<ConfirmedByPassword.Done>(await deletion);
            }
            catch (ServiceUnavailableException)
            {
            }
        }

        Service.RenewConnections();
        Assert.Null(await Service.Account(memberId).GetProfile(Ct));
        Service.Clock.Advance(TimeSpan.FromMinutes(16));
        await Service.Sweep<AccountPurgeSweep>();
        await Service.Sweep<UndeliveredJobSweep>();

        Assert.Equal(0, await CountObjects());
        Assert.Equal(new CreditBalance(AccountExtensions.MemberGrant - 1, 0), await Service.Balance(memberId));
        Assert.Equal(1, await Service.Value<long>("select count(*) from account where purged_at is not null"));
    }

    [Theory]
    [InlineData("account")]
    [InlineData("member")]
    [InlineData("session")]
    public async Task Cut_off_before_its_commit_it_has_not_happened(string row)
    {
        var memberId = await Service.SignUp();
        var device = await Service.NewDevice();
        await using (var held = await HeldRow.Take(Service, $"select from {row} for update"))
        {
            var deletion = Delete(memberId);
            await held.Blocks(deletion);
            await Service.CutConnections();
            await Assert.ThrowsAsync<ServiceUnavailableException>(() => deletion);
        }

        Service.RenewConnections();
        Assert.NotNull(await device.Find(Service.Grains));
        Assert.Equal(Ada, (await Service.Account(memberId).GetProfile(Ct))!.Member!.Email);
        Assert.IsType<ConfirmedByPassword.Done>(await Delete(memberId));
    }

    private static string Count(string table) => $"select count(*) from {table}";

    private Task<ConfirmedByPassword> Delete(Guid accountId) => Service.Account(accountId).Delete(Digests.Of(Password), Origin());

    private async Task Register(string email, Guid guestId) => Assert.IsType<RegisterResult.Accepted>(
        await Service.Grains.Address(email).Register(NewRegistration(email, guestId: guestId) with { Name = Canary, Origin = Home }));

    private async Task<JobSnapshot> Succeed(JobSnapshot job)
    {
        var prepare = await Worker.Claim();
        await Worker.Start(prepare);
        await Worker.CompletePrepare(prepare, chunks: 1);
        await Worker.CompleteTranscribe(await Worker.Claim());
        await Worker.CompleteCompose(await Worker.Claim());
        return await Service.Get(job);
    }

    private async Task<int> CountObjects()
    {
        var count = 0;
        await foreach (var _ in Service.Objects.List("", Ct))
            count++;
        return count;
    }

    /// <summary>Tables, ours and Orleans', of which a row as text has one of the words in it.</summary>
    private async Task<IReadOnlyList<string>> TablesWithCanaries(string emailKey)
    {
        var tables = await Service.Value<string[]>("select array_agg(format('%I.%I', schemaname, tablename)) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')");
        Assert.NotEmpty(tables);
        var found = new List<string>();
        foreach (var table in tables)
        {
            if (await Service.Value<long>($"select count(*) from {table} r where r::text ilike $1 or r::text like $2", $"%{Canary}%", $"%{emailKey}%") > 0)
                found.Add(table);
        }

        return found;
    }
}
