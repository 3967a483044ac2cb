using System.Text.Json;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Credits;

public sealed class SeeingWhatThereIs(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_running_job_shows_with_what_it_holds()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        Assert.Empty((await guest.CreditsInFull(Cancellation)).Holds);

        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);

        var credits = await guest.CreditsInFull(Cancellation);
        Assert.Equal((ServiceFixture.GuestGrant - 1, 1), (credits.Available, credits.Reserved));
        var hold = Assert.Single(credits.Holds);
        Assert.Equal((job.Id, 1), (hold.JobId, hold.Amount));
        Assert.True(hold.ExpiresAt > job.CreatedAt);
        await guest.Cancel(job.Id, Cancellation);
        Assert.Empty((await guest.CreditsInFull(Cancellation)).Holds);
    }

    [Fact]
    public async Task Credits_that_lapse_show_soonest_first_and_are_used_first()
    {
        using var guest = await fixture.NewGuest();
        var soon = Whole(TimeProvider.System.GetUtcNow().AddHours(1));
        var later = soon.AddHours(1);
        await Grant(5, later);
        await Grant(1, soon);
        await Grant(7, null);

        var credits = await guest.CreditsInFull(Cancellation);
        Assert.Equal(ServiceFixture.GuestGrant + 13, credits.Available);
        Assert.Equal([new ClientExpiring(1, soon), new ClientExpiring(5, later)], credits.Expiring);

        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        Assert.Equal([new ClientExpiring(5, later)], (await guest.CreditsInFull(Cancellation)).Expiring);
        await guest.Cancel(job.Id, Cancellation);
        Assert.Equal([new ClientExpiring(1, soon), new ClientExpiring(5, later)], (await guest.CreditsInFull(Cancellation)).Expiring);

        async Task Grant(long amount, DateTimeOffset? expiresAt) => await fixture.Operator.Apply(
            guest.Session!.AccountId, "grants", new { amount, reason = "A present.", expiresAt }, cancellationToken: Cancellation);
    }

    [Fact]
    public async Task Credits_that_lapsed_are_gone_and_the_ledger_says_so()
    {
        using var guest = await fixture.NewGuest();
        var granted = await fixture.Operator.Apply(
            guest.Session!.AccountId,
            "grants",
            new { amount = 5, reason = "For a moment.", expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(10) },
            cancellationToken: Cancellation);
        Assert.Equal(ServiceFixture.GuestGrant + 5, granted.Credits.Available);

        await Eventually.Holds(async () => (await guest.Entries("?kind=lapse", Cancellation)).Items.Count == 1);

        var lapse = Assert.Single((await guest.Entries("?kind=lapse", Cancellation)).Items);
        Assert.Equal((5, granted.Entry.GrantId, ServiceFixture.GuestGrant), (lapse.Amount, lapse.GrantId, lapse.AvailableAfter));
        Assert.False(lapse.ByOperator);
        var credits = await guest.CreditsInFull(Cancellation);
        Assert.Equal(ServiceFixture.GuestGrant, credits.Available);
        Assert.Empty(credits.Expiring);
    }

    [Fact]
    public async Task The_ledger_says_of_each_line_what_it_is_about()
    {
        using var guest = await fixture.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Cancel((await guest.Submit(video.Id, cancellationToken: Cancellation)).Id, Cancellation);

        var lines = (await guest.Entries(cancellationToken: Cancellation)).Items;

        Assert.Equal(["release", "reserve", "grant"], lines.Select(line => line.Kind));
        Assert.Equal([job.Id, job.Id, null], lines.Select(line => line.JobId));
        Assert.Equal([job.Id, job.Id, null], lines.Select(line => line.HoldId));
        Assert.Equal([null, null, "welcome"], lines.Select(line => line.Source));
        Assert.Equal([false, true, false], lines.Select(line => line.ExpiresAt > line.At));
        Assert.Equal([false, false, true], lines.Select(line => line.GrantId is not null));
        Assert.All(lines, line => Assert.False(line.ByOperator));
        Assert.All(lines, line => Assert.NotEmpty(line.Reason));
    }

    [Fact]
    public async Task A_new_session_shows_the_two_sums_and_no_more()
    {
        using var client = fixture.Service.CreateClient();
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation);
        using var session = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.Equal(["available", "reserved"], session.RootElement.GetProperty("credits").EnumerateObject().Select(member => member.Name));
    }

    private static DateTimeOffset Whole(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
