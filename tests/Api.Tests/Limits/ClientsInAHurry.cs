using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Limits;

/// <summary>Accounts that ask for more than an Api lets them.</summary>
[Collection(LimitedApiTests.Name)]
public sealed class ClientsInAHurry(LimitedApi api)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Are_told_when_to_come_back_and_then_let_in_again()
    {
        using var guest = await api.NewGuest();

        using var refused = await Exhaust(guest);

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        // A twelfth of a minute gives one request back.
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5));
        await Eventually.Holds(async () =>
        {
            using var response = await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), Cancellation);
            return response.IsSuccessStatusCode;
        });
    }

    [Fact]
    public async Task Do_not_slow_down_others_of_the_same_address_or_health()
    {
        using var guest = await api.NewGuest();
        using var other = await api.NewGuest();
        using var refused = await Exhaust(guest);
        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);

        await other.Credits(Cancellation);
        using var health = await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/health/live"), Cancellation);
        Assert.Equal(200, (int)health.StatusCode);
    }

    [Fact]
    public async Task May_submit_so_many_jobs_a_minute_and_still_read_them()
    {
        using var guest = await api.NewGuest();
        var video = Guid.CreateVersion7();
        for (var i = 0; i < LimitedApi.JobsPerAccount; i++)
            await Submit().Is(ErrorTable.VideoNotFound);

        using var refused = await Submit();

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));
        await guest.Jobs(cancellationToken: Cancellation);

        Task<HttpResponseMessage> Submit() =>
            guest.Send(CaptionClient.SubmitRequest(new { videoId = video, language = "en" }, $"{Guid.CreateVersion7()}"), Cancellation);
    }

    [Fact]
    public async Task May_begin_so_many_uploads_a_minute()
    {
        using var guest = await api.NewGuest();
        for (var i = 0; i < LimitedApi.UploadStartsPerGuest; i++)
            await Begin().Is(ErrorTable.FileEmpty);

        using var refused = await Begin();

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12));
        await guest.Videos(cancellationToken: Cancellation);

        Task<HttpResponseMessage> Begin() => guest.Send(CaptionClient.UploadRequest(new MemoryStream(), "empty.mp4"), Cancellation);
    }

    [Fact]
    public async Task May_have_so_many_uploads_under_way()
    {
        using var guest = await api.NewGuest();
        using var hangUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var uploads = new List<Task>();
        for (var i = 0; i < LimitedApi.UploadsPerAccount; i++)
            uploads.Add(guest.Send(CaptionClient.UploadRequest(new StalledStream(64 * 1024), "endless.mp4"), hangUp.Token));
        using (var patience = new PeriodicTimer(TimeSpan.FromSeconds(1)))
        {
            // Slowly, since looking counts against the account as well.
            while ((await guest.Videos(cancellationToken: Cancellation)).Items.Count(video => video.State == "uploading") < LimitedApi.UploadsPerAccount)
                await patience.WaitForNextTickAsync(Cancellation);
        }

        using var refused = await guest.Send(CaptionClient.UploadRequest(new MemoryStream([1]), "one-more.mp4"), Cancellation);

        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        await hangUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(uploads));
    }

    /// <summary>Uses up what an account has, and what comes back meanwhile.</summary>
    /// <returns>The first answer that is a refusal.</returns>
    private static async Task<HttpResponseMessage> Exhaust(CaptionClient guest)
    {
        for (var i = 0; i < 10 * LimitedApi.RequestsPerAccount; i++)
        {
            var response = await guest.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), Cancellation);
            if (!response.IsSuccessStatusCode)
            {
                Assert.True(i >= LimitedApi.RequestsPerAccount, $"Request {i + 1} was refused.");
                return response;
            }

            response.Dispose();
        }

        throw new InvalidOperationException("There was no limit.");
    }
}
