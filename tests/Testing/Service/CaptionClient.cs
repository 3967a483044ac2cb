using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace AX2Caption.Testing.Service;

/// <summary>
/// A user of the API. Methods with a verb expect success and throw <see cref="ApiException"/> otherwise; <see cref="Send"/>
/// takes any request and hands out the bare response.
/// </summary>
/// <param name="api">Where the API is.</param>
/// <param name="handler">How to get there; the usual way if it is null.</param>
public sealed class CaptionClient(Uri api, HttpMessageHandler? handler = null) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        RespectRequiredConstructorParameters = true,
    };

    private static readonly TimeSpan ChangedWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly HttpClient http = new(handler ?? new SocketsHttpHandler()) { BaseAddress = api, Timeout = TimeSpan.FromMinutes(3) };

    /// <summary>The account; null before <see cref="BecomeGuest"/>.</summary>
    public ClientSession? Session { get; private set; }

    /// <summary>Creates an account and uses it from now on.</summary>
    public async Task<ClientSession> BecomeGuest(CancellationToken cancellationToken = default)
    {
        Session = await Read<ClientSession>(new HttpRequestMessage(HttpMethod.Post, "/v1/auth/guest"), cancellationToken);
        UseToken(Session.AccessToken);
        return Session;
    }

    /// <summary>Signs in and uses the session from now on.</summary>
    public async Task<ClientTokens> SignIn(string email, string password, CancellationToken cancellationToken = default)
    {
        var tokens = await Read<ClientTokens>(PostRequest("/v1/auth/sign-in", new { email, password }), cancellationToken);
        UseToken(tokens.AccessToken);
        return tokens;
    }

    /// <summary>Takes the next tokens of a session and uses them from now on.</summary>
    public async Task<ClientTokens> Refresh(string refreshToken, CancellationToken cancellationToken = default)
    {
        var tokens = await Read<ClientTokens>(PostRequest("/v1/auth/refresh", new { refreshToken }), cancellationToken);
        UseToken(tokens.AccessToken);
        return tokens;
    }

    /// <summary>The account of whoever asks.</summary>
    public Task<ClientMe> Me(CancellationToken cancellationToken = default) =>
        Read<ClientMe>(new HttpRequestMessage(HttpMethod.Get, "/v1/me"), cancellationToken);

    /// <summary>Where the account is signed in.</summary>
    public Task<IReadOnlyList<ClientDevice>> Devices(CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<ClientDevice>>(new HttpRequestMessage(HttpMethod.Get, "/v1/me/sessions"), cancellationToken);

    /// <summary>A page of the audit log, for operators.</summary>
    public Task<ClientPage<ClientEvent>> Events(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientEvent>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/audit-events{query}"), cancellationToken);

    /// <summary>Sends a request with a JSON body and expects success.</summary>
    public async Task Post(string path, object body, CancellationToken cancellationToken = default)
    {
        using var response = await Succeed(PostRequest(path, body), cancellationToken);
    }

    /// <summary>Sends this token from now on, or none.</summary>
    public void UseToken(string? token) =>
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

    /// <summary>Uploads a file.</summary>
    public async Task<ClientVideo> Upload(string path, CancellationToken cancellationToken = default)
    {
        await using var file = File.OpenRead(path);
        return await Read<ClientVideo>(UploadRequest(file, Path.GetFileName(path)), cancellationToken);
    }

    /// <summary>Uploads a file and waits until it is probed.</summary>
    public async Task<ClientVideo> UploadAndProbe(string path, CancellationToken cancellationToken = default) =>
        await WaitForProbe((await Upload(path, cancellationToken)).Id, cancellationToken);

    /// <summary>One video.</summary>
    public Task<ClientVideo> Video(Guid videoId, CancellationToken cancellationToken = default) =>
        Read<ClientVideo>(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos/{videoId}"), cancellationToken);

    /// <summary>A page of videos.</summary>
    public Task<ClientPage<ClientVideo>> Videos(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientVideo>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/videos{query}"), cancellationToken);

    /// <summary>Reads a video until it is ready or rejected.</summary>
    public Task<ClientVideo> WaitForProbe(Guid videoId, CancellationToken cancellationToken = default) =>
        Until(token => Video(videoId, token), video => video.State is "ready" or "rejected", cancellationToken);

    /// <summary>Deletes a video.</summary>
    public async Task DeleteVideo(Guid videoId, CancellationToken cancellationToken = default)
    {
        using var response = await Succeed(new HttpRequestMessage(HttpMethod.Delete, $"/v1/videos/{videoId}"), cancellationToken);
    }

    /// <summary>Pins a video.</summary>
    public Task<ClientVideo> Pin(Guid videoId, CancellationToken cancellationToken = default) =>
        Read<ClientVideo>(new HttpRequestMessage(HttpMethod.Put, $"/v1/videos/{videoId}/pin"), cancellationToken);

    /// <summary>Unpins a video.</summary>
    public Task<ClientVideo> Unpin(Guid videoId, CancellationToken cancellationToken = default) =>
        Read<ClientVideo>(new HttpRequestMessage(HttpMethod.Delete, $"/v1/videos/{videoId}/pin"), cancellationToken);

    /// <summary>A page of receipts.</summary>
    public Task<ClientPage<ClientDeletion>> Deletions(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientDeletion>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/deletions{query}"), cancellationToken);

    /// <summary>One receipt.</summary>
    public Task<ClientDeletion> Deletion(Guid videoId, CancellationToken cancellationToken = default) =>
        Read<ClientDeletion>(new HttpRequestMessage(HttpMethod.Get, $"/v1/deletions/{videoId}"), cancellationToken);

    /// <summary>Submits a job.</summary>
    /// <param name="videoId">What to caption.</param>
    /// <param name="key">The Idempotency-Key; a new one if it is null.</param>
    /// <param name="language">The speech's language.</param>
    /// <param name="quoteId">The quote whose price to pay; the price of the moment if it is null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ClientJob> Submit(
        Guid videoId, string? key = null, string language = "en", Guid? quoteId = null, CancellationToken cancellationToken = default) =>
        Read<ClientJob>(SubmitRequest(new { videoId, language, quoteId }, key ?? $"{Guid.CreateVersion7()}"), cancellationToken);

    /// <summary>What a job would cost.</summary>
    public Task<ClientQuote> Quote(Guid videoId, string language = "en", CancellationToken cancellationToken = default) =>
        Read<ClientQuote>(PostRequest("/v1/credits/quote", new { videoId, language }), cancellationToken);

    /// <summary>One job.</summary>
    public Task<ClientJob> Job(Guid jobId, CancellationToken cancellationToken = default) =>
        Read<ClientJob>(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{jobId}"), cancellationToken);

    /// <summary>A page of jobs.</summary>
    public Task<ClientPage<ClientJob>> Jobs(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientJob>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs{query}"), cancellationToken);

    /// <summary>Cancels a job.</summary>
    public Task<ClientJob> Cancel(Guid jobId, CancellationToken cancellationToken = default) =>
        Read<ClientJob>(new HttpRequestMessage(HttpMethod.Post, $"/v1/jobs/{jobId}/cancel"), cancellationToken);

    /// <summary>Reads a job until it has ended.</summary>
    public Task<ClientJob> WaitForEnd(Guid jobId, CancellationToken cancellationToken = default) =>
        WaitFor(jobId, job => job.HasEnded, cancellationToken);

    /// <summary>Reads a job until it is as wanted, or has ended without ever being so.</summary>
    public async Task<ClientJob> WaitFor(Guid jobId, Func<ClientJob, bool> wanted, CancellationToken cancellationToken = default)
    {
        var job = await Until(token => Job(jobId, token), job => wanted(job) || job.HasEnded, cancellationToken);
        return wanted(job) ? job : throw new InvalidOperationException($"The job ended as '{job.State}' ({job.Failure?.Code}: {job.Failure?.Message}).");
    }

    /// <summary>A job's captions.</summary>
    /// <param name="jobId">The job.</param>
    /// <param name="format"><c>srt</c> or <c>vtt</c>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> Captions(Guid jobId, string format = "srt", CancellationToken cancellationToken = default)
    {
        using var response = await Succeed(new HttpRequestMessage(HttpMethod.Get, $"/v1/jobs/{jobId}/captions.{format}"), cancellationToken);
        return await response.Content.ReadAsStringAsync(cancellationToken);
    }

    /// <summary>Registers a webhook.</summary>
    public Task<ClientRegisteredWebhook> RegisterWebhook(object body, CancellationToken cancellationToken = default) =>
        Read<ClientRegisteredWebhook>(PostRequest("/v1/webhooks", body), cancellationToken);

    /// <summary>The account's webhooks.</summary>
    public Task<IReadOnlyList<ClientWebhook>> Webhooks(CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<ClientWebhook>>(new HttpRequestMessage(HttpMethod.Get, "/v1/webhooks"), cancellationToken);

    /// <summary>One webhook.</summary>
    public Task<ClientWebhook> Webhook(Guid webhookId, CancellationToken cancellationToken = default) =>
        Read<ClientWebhook>(new HttpRequestMessage(HttpMethod.Get, $"/v1/webhooks/{webhookId}"), cancellationToken);

    /// <summary>Changes a webhook.</summary>
    public Task<ClientWebhook> ChangeWebhook(Guid webhookId, object body, CancellationToken cancellationToken = default) =>
        Read<ClientWebhook>(
            new HttpRequestMessage(HttpMethod.Patch, $"/v1/webhooks/{webhookId}") { Content = JsonContent.Create(body) }, cancellationToken);

    /// <summary>Gives a webhook another secret.</summary>
    public Task<ClientWebhookSecret> RotateWebhookSecret(Guid webhookId, CancellationToken cancellationToken = default) =>
        Read<ClientWebhookSecret>(new HttpRequestMessage(HttpMethod.Post, $"/v1/webhooks/{webhookId}/secret"), cancellationToken);

    /// <summary>Sends a ping to a webhook.</summary>
    public Task<ClientDelivery> TestWebhook(Guid webhookId, CancellationToken cancellationToken = default) =>
        Read<ClientDelivery>(new HttpRequestMessage(HttpMethod.Post, $"/v1/webhooks/{webhookId}/test"), cancellationToken);

    /// <summary>A page of a webhook's deliveries.</summary>
    public Task<ClientPage<ClientDelivery>> Deliveries(Guid webhookId, string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientDelivery>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/webhooks/{webhookId}/deliveries{query}"), cancellationToken);

    /// <summary>One delivery.</summary>
    public Task<ClientDelivery> Delivery(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken = default) =>
        Read<ClientDelivery>(new HttpRequestMessage(HttpMethod.Get, $"/v1/webhooks/{webhookId}/deliveries/{deliveryId}"), cancellationToken);

    /// <summary>Waits until a delivery is as wanted.</summary>
    public Task<ClientDelivery> WaitForDelivery(
        Guid webhookId, Guid deliveryId, Func<ClientDelivery, bool> wanted, CancellationToken cancellationToken = default) =>
        Until(token => Delivery(webhookId, deliveryId, token), wanted, cancellationToken);

    /// <summary>Sends an event again.</summary>
    public Task<ClientDelivery> Redeliver(Guid webhookId, Guid deliveryId, CancellationToken cancellationToken = default) =>
        Read<ClientDelivery>(
            new HttpRequestMessage(HttpMethod.Post, $"/v1/webhooks/{webhookId}/deliveries/{deliveryId}/redeliver"), cancellationToken);

    /// <summary>The balance.</summary>
    public Task<ClientCredits> Credits(CancellationToken cancellationToken = default) =>
        Read<ClientCredits>(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), cancellationToken);

    /// <summary>The balance with all that makes it up.</summary>
    public Task<ClientCreditsInFull> CreditsInFull(CancellationToken cancellationToken = default) =>
        Read<ClientCreditsInFull>(new HttpRequestMessage(HttpMethod.Get, "/v1/credits"), cancellationToken);

    /// <summary>A page of the ledger.</summary>
    public Task<ClientPage<ClientEntry>> Entries(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientEntry>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/credits/entries{query}"), cancellationToken);

    /// <summary>An account, for operators.</summary>
    public Task<ClientAccount> Account(Guid accountId, CancellationToken cancellationToken = default) =>
        Read<ClientAccount>(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{accountId}"), cancellationToken);

    /// <summary>A page of an account's ledger, for operators.</summary>
    public Task<ClientPage<ClientOperatorsEntry>> EntriesOf(Guid accountId, string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientOperatorsEntry>>(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{accountId}/credits/entries{query}"), cancellationToken);

    /// <summary>Adds to an account, corrects it or refunds a job of it, for operators.</summary>
    /// <param name="accountId">The account.</param>
    /// <param name="operation"><c>grants</c>, <c>adjustments</c> or <c>refunds</c>.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="key">The Idempotency-Key; a new one if it is null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ClientAppliedOperation> Apply(
        Guid accountId, string operation, object body, string? key = null, CancellationToken cancellationToken = default) =>
        Read<ClientAppliedOperation>(OperationRequest(accountId, operation, body, key ?? $"{Guid.CreateVersion7()}"), cancellationToken);

    /// <summary>Sends any request.</summary>
    public Task<HttpResponseMessage> Send(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        http.SendAsync(request, cancellationToken);

    /// <summary>Sends any request and answers with the head of the answer; its body may take its time.</summary>
    public Task<HttpResponseMessage> Open(HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>A page of jobs of all accounts, for operators.</summary>
    public Task<ClientPage<ClientOperatorsJob>> JobsOfAll(string query = "", CancellationToken cancellationToken = default) =>
        Read<ClientPage<ClientOperatorsJob>>(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/jobs{query}"), cancellationToken);

    /// <summary>A job with its tasks, for operators.</summary>
    public Task<ClientOperatorsJobInFull> Inspect(Guid jobId, CancellationToken cancellationToken = default) =>
        Read<ClientOperatorsJobInFull>(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/jobs/{jobId}"), cancellationToken);

    /// <summary>An upload of a file.</summary>
    public static HttpRequestMessage UploadRequest(Stream content, string fileName, string field = "file") =>
        new(HttpMethod.Post, "/v1/videos")
        {
            Content = new MultipartFormDataContent { { new StreamContent(content), field, fileName } },
            // So that a server that refuses by the headers alone is not sent a body that it will not read.
            Headers = { ExpectContinue = true },
        };

    /// <summary>A submission of a job; without a key if <paramref name="key"/> is null.</summary>
    public static HttpRequestMessage SubmitRequest(object body, string? key) => PostRequest("/v1/jobs", body, key);

    /// <summary>An operator's operation on an account; without a key if <paramref name="key"/> is null.</summary>
    public static HttpRequestMessage OperationRequest(Guid accountId, string operation, object body, string? key) =>
        PostRequest($"/v1/admin/accounts/{accountId}/credits/{operation}", body, key);

    /// <summary>A request with a JSON body; without a key if <paramref name="key"/> is null.</summary>
    public static HttpRequestMessage PostRequest(string path, object body, string? key = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) };
        if (key is not null)
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key);
        return request;
    }

    /// <summary>What an error response says.</summary>
    public static async Task<ClientProblem> Problem(HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        var body = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.Content.Headers.ContentType?.MediaType == "application/problem+json"
            ? JsonSerializer.Deserialize<ClientProblem>(body, Json)!
            : throw new InvalidOperationException($"Not a problem document: {(int)response.StatusCode} {response.Content.Headers.ContentType} {body}");
    }

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();

    private async Task<T> Read<T>(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await Succeed(request, cancellationToken);
        return (await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
    }

    private async Task<HttpResponseMessage> Succeed(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await Send(request, cancellationToken);
        if (response.IsSuccessStatusCode)
            return response;

        using (response)
            throw new ApiException(await Problem(response, cancellationToken));
    }

    private static async Task<T> Until<T>(Func<CancellationToken, Task<T>> read, Func<T, bool> wanted, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ChangedWithin);
        using var poll = new PeriodicTimer(PollEvery);
        var last = await read(limit.Token);
        try
        {
            while (!wanted(last))
            {
                await poll.WaitForNextTickAsync(limit.Token);
                last = await read(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {ChangedWithin}; it was last {last}.");
        }

        return last;
    }
}
