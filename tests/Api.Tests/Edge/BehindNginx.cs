using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Edge;

/// <summary>What a client meets behind nginx, as <c>docs/edge.md</c> sets it up: events as they happen, uploads as they are sent, the Api's own errors.</summary>
public sealed class BehindNginx(ApiBehindNginx behind, ServiceFixture fixture) : IClassFixture<ApiBehindNginx>
{
    /// <summary>More than the mebibyte that nginx lets through by itself.</summary>
    private const int Large = 3 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Events_arrive_one_by_one_while_the_stream_stays_open()
    {
        using var guest = await behind.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);

        for (var round = 0; round < ServiceFixture.GuestGrant; round++)
        {
            var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
            // Nothing more happens before this has arrived.
            var told = await stream.Must(Cancellation);
            Assert.Equal(job.Id, told.Job.Id);

            using var canceled = await guest.Send(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{job.Id}/cancel"), Cancellation);
            while (!told.IsEnd)
                told = await stream.Must(Cancellation);
            Assert.Equal(job.Id, told.Job.Id);
        }
    }

    [Fact]
    public async Task Heartbeats_keep_a_silent_stream_open_for_longer_than_nginx_waits()
    {
        await using var nginx = await behind.StartNginx(change: Impatient);
        using var guest = await behind.NewGuest(nginx);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        var reading = stream.Next(Cancellation);

        // Twice as long as nginx waits.
        await Eventually.Holds(() => Task.FromResult(stream.Heartbeats >= 100));

        Assert.False(reading.IsCompleted);
    }

    [Fact]
    public async Task Without_them_nginx_would_have_cut_it()
    {
        await using var silent = await behind.StartApi(("Streams__HeartbeatInterval", "00:01:00"));
        await using var nginx = await behind.StartNginx(silent, Impatient);
        using var guest = await behind.NewGuest(nginx);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);

        await Assert.ThrowsAnyAsync<IOException>(() => stream.Next(Cancellation));

        Assert.Equal(0, stream.Heartbeats);
    }

    [Fact]
    public async Task A_stream_that_broke_off_goes_on_after_its_last_event()
    {
        using var guest = await behind.NewGuest();
        var video = await guest.UploadAndProbe(fixture.Speech, Cancellation);
        var job = await guest.Submit(video.Id, cancellationToken: Cancellation);
        var path = $"/v1/jobs/{job.Id}/events";
        var events = new List<ServerEvent>();
        string? last;
        await using (var first = await EventReader.Open(guest, path, cancellationToken: Cancellation))
        {
            events.Add(await first.Must(Cancellation));
            last = first.LastEventId;
        }

        await using (var second = await EventReader.Open(guest, path, last, Cancellation))
        {
            while (await second.Next(Cancellation) is { } next)
                events.Add(next);
            last = second.LastEventId;
        }

        Assert.Equal("succeeded", events[^1].Name);
        // A job that is where it was is told of again when its end is expected at another time.
        Assert.Equal(events.Count, events.Select(step => step.Data).Distinct().Count());
        using var over = await guest.Open(EventReader.Request(path, last), Cancellation);
        Assert.Equal(204, (int)over.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_piece_is_stored_while_the_rest_of_it_is_still_to_be_sent(bool chunked)
    {
        using var guest = await behind.NewGuest();
        var id = await guest.Begin(Large, cancellationToken: Cancellation);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var piece = new GatedStream(new byte[Large], Large / 2, gate.Task);
        var content = new StreamContent(piece);
        if (!chunked)
            content.Headers.ContentLength = Large;
        var appending = guest.Send(Tus.Patch(id, 0, content), Cancellation);

        await Eventually.Holds(async () => await guest.Offset(id, Cancellation) > 0);
        Assert.False(appending.IsCompleted);
        gate.SetResult();

        using var appended = await appending;
        Assert.Equal((204, Large), ((int)appended.StatusCode, appended.UploadOffset()));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_by_the_Api_and_not_by_nginx()
    {
        using var guest = await behind.NewGuest();
        var padded = new string(' ', (int)ApiBehindNginx.MaximumBodyBytes) + "{}";

        await Refused(
            guest.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/credits/quote") { Content = new StringContent(padded, Encoding.UTF8, "application/json") }, Cancellation),
            ErrorTable.BodyTooLarge);
        await Refused(
            guest.Send(CaptionClient.UploadRequest(new MemoryStream(new byte[2 * ServiceFixture.MaximumBytes]), "large.mp4"), Cancellation),
            ErrorTable.UploadTooLarge);
        await Refused(guest.Send(Tus.Create(ServiceFixture.MaximumBytes + 1), Cancellation), ErrorTable.UploadTooLarge);
    }

    [Fact]
    public async Task An_upload_that_is_refused_by_its_headers_is_told_why_although_its_body_is_on_its_way()
    {
        using var nobody = behind.NewClient();

        await Refused(nobody.Send(Tus.Patch(Guid.CreateVersion7(), 0, new byte[Large]), Cancellation), ErrorTable.TokenMissing);
    }

    [Fact]
    public async Task Clients_are_limited_by_their_own_address_and_not_by_what_they_say_of_it()
    {
        var address = behind.NewAddress();
        for (var i = 0; i < ApiBehindNginx.GuestsPerAddress; i++)
            Assert.Equal(201, await CreateGuest(address));

        Assert.Equal(429, await CreateGuest(address));
        Assert.Equal(429, await CreateGuest(address, forwardedFor: behind.NewAddress()));
        Assert.Equal(201, await CreateGuest(behind.NewAddress(), forwardedFor: address));
    }

    [Fact]
    public async Task HTTPS_ends_at_nginx_and_counts()
    {
        using var client = behind.NewClient();

        using var guest = await client.Send(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), Cancellation);

        Assert.Equal(201, (int)guest.StatusCode);
        Assert.NotNull(guest.Header("Strict-Transport-Security"));
        // Its name is nginx's own to tell, its version nobody's.
        Assert.Equal("nginx", guest.Header("Server"));
        using var elsewhere = new HttpRequestMessage(HttpMethod.Get, "/v1/me") { Headers = { Host = "other.example" } };
        await Refused(client.Send(elsewhere, Cancellation), ErrorTable.HostNotAllowed);
    }

    private static string Impatient(string example) => NginxServer.Replace(example, "proxy_read_timeout 2h;", "proxy_read_timeout 10s;");

    private async Task<int> CreateGuest(string address, string? forwardedFor = null)
    {
        using var client = behind.NewClient(address);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest");
        if (forwardedFor is not null)
            request.Headers.Add("X-Forwarded-For", forwardedFor);
        using var response = await client.Send(request, Cancellation);
        return (int)response.StatusCode;
    }

    private static async Task Refused(Task<HttpResponseMessage> answer, Error error)
    {
        using var response = await answer;
        var problem = await CaptionClient.Problem(response, Cancellation);
        Assert.Equal((error.Status, error.Code), ((int)response.StatusCode, problem.Code));
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), problem.RequestId);
    }
}
