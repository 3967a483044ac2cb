using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Jobs;

/// <summary>How long streams last, and how many there may be: on Apis of the same cluster with limits that a test can reach.</summary>
public sealed class StreamsThatEnd(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_has_nothing_to_tell_says_that_it_lives()
    {
        await using var api = await Start(("Streams__HeartbeatInterval", "00:00:00.200"), ("Streams__ReconnectAfter", "00:00:00.700"));
        using var guest = await NewGuest(api);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        var reading = stream.Next(Cancellation);

        await Eventually.Holds(() => Task.FromResult(stream.Heartbeats >= 3));

        Assert.False(reading.IsCompleted);
        Assert.Equal(TimeSpan.FromMilliseconds(700), stream.Retry);
    }

    [Fact]
    public async Task One_ends_when_it_is_old_and_the_next_goes_on()
    {
        await using var api = await Start(("Streams__MaximumDuration", "00:00:01"));
        using var guest = await NewGuest(api);

        for (var round = 0; round < 2; round++)
        {
            await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
            Assert.Null(await stream.Next(Cancellation));
        }
    }

    [Fact]
    public async Task One_ends_with_its_token()
    {
        await using var api = await Start(("Auth__AccessTokenLifetime", "00:00:10"), ("Auth__ClockSkew", "00:00:00"));
        using var guest = await NewGuest(api);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);

        Assert.Null(await stream.Next(Cancellation));

        await guest.Open(EventReader.Request("/v1/jobs/events"), Cancellation).Is(ErrorTable.TokenExpired);
    }

    [Fact]
    public async Task One_ends_with_its_session()
    {
        await using var api = await Start(("Streams__HeartbeatInterval", "00:00:00.200"));
        using var guest = await NewGuest(api);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);

        await guest.Post("/v1/auth/sign-out", new { refreshToken = guest.Session!.RefreshToken }, Cancellation);

        Assert.Null(await stream.Next(Cancellation));
        await guest.Open(EventReader.Request("/v1/jobs/events"), Cancellation).Is(ErrorTable.SessionEnded);
    }

    [Fact]
    public async Task All_end_when_the_Api_stops_and_do_not_keep_it()
    {
        await using var api = await Start();
        using var guest = await NewGuest(api);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        var reading = stream.Next(Cancellation);

        Assert.Equal(0, await api.StopApi(Cancellation));

        Assert.Null(await reading);
    }

    [Fact]
    public async Task One_too_many_of_an_account_or_a_network_is_refused_until_another_ends()
    {
        await using var api = await Start(("Streams__PerAccount", "2"), ("Streams__PerAddress", "3"));
        using var guest = await NewGuest(api);
        using var other = await NewGuest(api);
        var first = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        await using var second = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        using (var refused = await guest.Open(EventReader.Request("/v1/jobs/events"), Cancellation))
        {
            await Task.FromResult(refused).Is(ErrorTable.TooManyStreams);
            Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter!.Delta);
        }

        await using var others = await EventReader.Open(other, "/v1/jobs/events", cancellationToken: Cancellation);
        await other.Open(EventReader.Request("/v1/jobs/events"), Cancellation).Is(ErrorTable.TooManyStreams);

        await first.DisposeAsync();
        await Eventually.Holds(async () =>
        {
            using var response = await other.Open(EventReader.Request("/v1/jobs/events"), Cancellation);
            return response.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task One_outlasts_the_time_that_any_other_answer_may_take()
    {
        await using var api = await Start(("Limits__RequestTimeout", "00:00:05"), ("Streams__HeartbeatInterval", "00:00:00.500"));
        using var guest = await NewGuest(api);
        await using var stream = await EventReader.Open(guest, "/v1/jobs/events", cancellationToken: Cancellation);
        var reading = stream.Next(Cancellation);

        await Eventually.Holds(() => Task.FromResult(stream.Heartbeats >= 12));

        Assert.False(reading.IsCompleted);
    }

    private async Task<CaptionService> Start(params (string Name, string Value)[] settings)
    {
        var api = await CaptionService.Prepare(
            fixture.Service.Database,
            new CaptionServiceSettings { Api = settings.Append(("Storage__Root", fixture.Service.ObjectFolder)).ToDictionary() },
            Cancellation);
        api.BeginApi();
        await api.ApiReady(Cancellation);
        return api;
    }

    private static async Task<CaptionClient> NewGuest(CaptionService api)
    {
        var client = api.CreateClient();
        await client.BecomeGuest(Cancellation);
        return client;
    }
}
