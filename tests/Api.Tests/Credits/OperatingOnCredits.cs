using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Credits;

/// <summary>What operators do to accounts, and what their owners see of it.</summary>
public sealed class OperatingOnCredits(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_grant_adds_credits_and_leaves_the_operators_name()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        var expiresAt = new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero);

        var applied = await Apply(account, "grants", new { amount = 5, reason = "For the outage.", source = "promotion", expiresAt });

        var line = applied.Entry;
        Assert.Equal((2, "grant", 5, ServiceFixture.GuestGrant + 5, 0), (line.Seq, line.Kind, line.Amount, line.AvailableAfter, line.ReservedAfter));
        Assert.Equal(("promotion", expiresAt, "For the outage."), (line.Source, line.ExpiresAt, line.Reason));
        Assert.Equal((true, fixture.OperatorSignature), (line.ByOperator, line.Actor));
        Assert.Equal(line.OpId, line.GrantId);
        Assert.Null(line.OtherAccountId);
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant + 5, 0), applied.Credits);
        Assert.Equal(applied.Credits, await guest.Credits(Cancellation));
        Assert.Equal(line, (await fixture.Operator.EntriesOf(account, cancellationToken: Cancellation)).Items[0]);
    }

    [Fact]
    public async Task A_grants_source_is_the_operator_unless_another_is_named()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        foreach (var source in new[] { null, "operator", "purchase", "promotion" })
        {
            var applied = await Apply(account, "grants", new { amount = 1, reason = "A present.", source });
            Assert.Equal(source ?? "operator", applied.Entry.Source);
            Assert.Null(applied.Entry.ExpiresAt);
        }
    }

    [Fact]
    public async Task An_adjustment_adds_or_takes_away_what_is_there()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;

        var up = await Apply(account, "adjustments", new { amount = 3, reason = "Too few." });
        var down = await Apply(account, "adjustments", new { amount = -5, reason = "Too many." });

        Assert.Equal(("adjust", 3, 5), (up.Entry.Kind, up.Entry.Amount, up.Credits.Available));
        Assert.Equal(("adjust", -5, 0), (down.Entry.Kind, down.Entry.Amount, down.Credits.Available));
        Assert.Equal(fixture.OperatorSignature, down.Entry.Actor);
        var problem = await fixture.Operator.Send(
            CaptionClient.OperationRequest(account, "adjustments", new { amount = -1, reason = "Too many." }, "key"), Cancellation)
            .Is(ErrorTable.InsufficientCredits);
        Assert.Equal((1, 0), (problem.Members["required"].GetInt64(), problem.Members["available"].GetInt64()));
        Assert.Equal(new ClientCredits(0, 0), await guest.Credits(Cancellation));
    }

    [Fact]
    public async Task A_refund_gives_back_what_a_job_spent_and_no_more()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        await Apply(account, "grants", new { amount = 1, reason = "For a long film." });
        var video = await guest.UploadAndProbe(fixture.Expensive, Cancellation);
        var job = await guest.WaitForEnd((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);
        Assert.Equal(("succeeded", 0L), (job.State, (await guest.Credits(Cancellation)).Available));

        var one = await Apply(account, "refunds", new { jobId = job.Id, amount = 1, reason = "Bad captions." });
        var tooMuch = CaptionClient.OperationRequest(account, "refunds", new { jobId = job.Id, amount = 3, reason = "Bad captions." }, "too much");
        await fixture.Operator.Send(tooMuch, Cancellation).Is(ErrorTable.InvalidAmount);
        var rest = await Apply(account, "refunds", new { jobId = job.Id, reason = "Very bad captions." });
        var noMore = CaptionClient.OperationRequest(account, "refunds", new { jobId = job.Id, reason = "Bad captions." }, "no more");
        await fixture.Operator.Send(noMore, Cancellation).Is(ErrorTable.InvalidAmount);

        Assert.Equal(("refund", 1, job.Id, 1), (one.Entry.Kind, one.Entry.Amount, one.Entry.JobId, one.Credits.Available));
        Assert.Equal(("refund", 2, job.Id, 3), (rest.Entry.Kind, rest.Entry.Amount, rest.Entry.JobId, rest.Credits.Available));
        Assert.Equal(new ClientCredits(3, 0), await guest.Credits(Cancellation));
        Assert.Equal([2, 1], (await guest.Entries("?kind=refund", Cancellation)).Items.Select(line => line.Amount));
    }

    [Fact]
    public async Task A_job_that_has_spent_nothing_is_not_refunded()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        var problem = await fixture.Operator.Send(
            CaptionClient.OperationRequest(account, "refunds", new { jobId = job.Id, reason = "Canceled." }, "key"), Cancellation)
            .Is(ErrorTable.JobNotSettled);
        Assert.Equal("released", problem.Members["holdState"].GetString());
        await fixture.Operator.Send(
            CaptionClient.OperationRequest(account, "refunds", new { jobId = Guid.CreateVersion7(), reason = "Unknown." }, "key"), Cancellation)
            .Is(ErrorTable.JobNotFound);
        Assert.Equal(new ClientCredits(ServiceFixture.GuestGrant, 0), await guest.Credits(Cancellation));
    }

    [Fact]
    public async Task The_owner_sees_that_a_person_did_it_and_not_who()
    {
        using var guest = await fixture.NewGuest();
        await Apply(guest.Session!.AccountId, "adjustments", new { amount = 1, reason = "Too few." });

        using var response = await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits/entries"), Cancellation);
        var body = await response.Content.ReadAsStringAsync(Cancellation);

        Assert.DoesNotContain("Kim", body, StringComparison.Ordinal);
        Assert.DoesNotContain("actor", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("opId", body, StringComparison.OrdinalIgnoreCase);
        var lines = (await guest.Entries(cancellationToken: Cancellation)).Items;
        Assert.Equal([("adjust", true, "Too few."), ("grant", false, lines[1].Reason)], lines.Select(line => (line.Kind, line.ByOperator, line.Reason)));
    }

    [Fact]
    public async Task The_same_request_again_answers_the_same_and_changes_nothing()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        var body = new { amount = 5, reason = "A present.", expiresAt = "2099-01-01T00:00:00Z" };

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 10).Select(_ => fixture.Operator.Apply(account, "grants", body, "my key", Cancellation)));
        await Apply(account, "adjustments", new { amount = -1, reason = "In between." });
        var later = await fixture.Operator.Apply(account, "grants", body, "my key", Cancellation);

        Assert.All(answers, answer => Assert.Equal(later, answer));
        Assert.Equal(ServiceFixture.GuestGrant + 4, (await guest.Credits(Cancellation)).Available);
        Assert.Equal(2, (await guest.Entries("?kind=grant", Cancellation)).Items.Count);
    }

    [Fact]
    public async Task Another_request_under_the_key_is_refused()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        await fixture.Operator.Apply(account, "grants", new { amount = 5, reason = "A present." }, "my key", Cancellation);

        await IsReused("grants", new { amount = 6, reason = "A present." });
        await IsReused("grants", new { amount = 5, reason = "Another reason." });
        await IsReused("grants", new { amount = 5, reason = "A present.", source = "purchase" });
        await IsReused("grants", new { amount = 5, reason = "A present.", expiresAt = "2099-01-01T00:00:00Z" });
        await IsReused("adjustments", new { amount = 5, reason = "A present." });
        await IsReused("refunds", new { jobId = Guid.CreateVersion7(), amount = 5, reason = "A present." });
        Assert.Equal(ServiceFixture.GuestGrant + 5, (await guest.Credits(Cancellation)).Available);

        Task IsReused(string operation, object body) =>
            fixture.Operator.Send(CaptionClient.OperationRequest(account, operation, body, "my key"), Cancellation)
                .Is(ErrorTable.IdempotencyKeyReused);
    }

    [Fact]
    public async Task A_key_names_an_operation_on_one_account()
    {
        using var one = await fixture.NewGuest();
        using var two = await fixture.NewGuest();
        await fixture.Operator.Apply(one.Session!.AccountId, "grants", new { amount = 1, reason = "A present." }, "my key", Cancellation);
        await fixture.Operator.Apply(two.Session!.AccountId, "grants", new { amount = 2, reason = "A present." }, "my key", Cancellation);

        Assert.Equal(ServiceFixture.GuestGrant + 1, (await one.Credits(Cancellation)).Available);
        Assert.Equal(ServiceFixture.GuestGrant + 2, (await two.Credits(Cancellation)).Available);
    }

    [Fact]
    public async Task An_account_has_so_many_grants_that_lapse_and_no_more()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        var body = new { amount = 1, reason = "A present.", expiresAt = "2099-01-01T00:00:00Z" };
        for (var i = 0; i < ServiceFixture.MaximumExpiringGrants; i++)
            await Apply(account, "grants", body);

        var problem = await fixture.Operator.Send(CaptionClient.OperationRequest(account, "grants", body, "key"), Cancellation)
            .Is(ErrorTable.TooManyGrants);

        Assert.Equal(ServiceFixture.MaximumExpiringGrants, problem.Members["limit"].GetInt32());
        await Apply(account, "grants", new { amount = 1, reason = "For ever." });
    }

    [Fact]
    public async Task Amounts_and_accounts_go_to_a_million_millions()
    {
        using var guest = await fixture.NewGuest();
        var account = guest.Session!.AccountId;
        const long maximum = 1_000_000_000_000;
        await Apply(account, "adjustments", new { amount = -ServiceFixture.GuestGrant, reason = "To begin with." });

        await Apply(account, "grants", new { amount = maximum, reason = "A present." });
        await OneMoreIsRefused("grants");
        await OneMoreIsRefused("adjustments");
        await Apply(account, "adjustments", new { amount = -maximum, reason = "A slip." });
        await Apply(account, "adjustments", new { amount = maximum, reason = "No slip." });

        Assert.Equal(maximum, (await guest.Credits(Cancellation)).Available);
        Assert.Empty(await Book.AuditAtRest(fixture.Service, Cancellation));

        Task OneMoreIsRefused(string operation) => fixture.Operator
            .Send(CaptionClient.OperationRequest(account, operation, new { amount = 1, reason = "One more." }, $"one more: {operation}"), Cancellation)
            .Is(ErrorTable.InvalidAmount);
    }

    private Task<ClientAppliedOperation> Apply(Guid accountId, string operation, object body) =>
        fixture.Operator.Apply(accountId, operation, body, cancellationToken: Cancellation);
}
