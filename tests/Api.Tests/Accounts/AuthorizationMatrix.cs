using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;
using Microsoft.AspNetCore.Routing;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>Every endpoint that there is, as everybody. One that is not in the table fails the test.</summary>
public sealed class AuthorizationMatrix(ServiceFixture fixture, AuthorizationMatrix.Owner owner) : IClassFixture<AuthorizationMatrix.Owner>
{
    private const string OpenToAll = "open";
    private const string ForAccounts = "account";
    private const string ForMembers = "member";
    private const string ForAdmins = "admin";

    /// <summary>Who may use what, and what an endpoint says of something that is another account's.</summary>
    private static readonly Rule[] Rules =
    [
        new("POST /v1/auth/guest", OpenToAll),
        new("POST /v1/auth/register", OpenToAll),
        new("POST /v1/auth/verify-email", OpenToAll),
        new("POST /v1/auth/sign-in", OpenToAll),
        new("POST /v1/auth/refresh", OpenToAll),
        new("POST /v1/auth/sign-out", OpenToAll),
        new("POST /v1/auth/sign-out-everywhere", ForAccounts),
        new("POST /v1/auth/password/forgot", OpenToAll),
        new("POST /v1/auth/password/reset", OpenToAll),
        new("GET /v1/me", ForAccounts),
        new("PATCH /v1/me", ForMembers),
        new("DELETE /v1/me", ForAccounts),
        new("POST /v1/me/password", ForMembers),
        new("GET /v1/me/sessions", ForAccounts),
        new("DELETE /v1/me/sessions/{id:guid}", ForAccounts, Owned.Session, ErrorTable.SessionNotFound),
        new("POST /v1/videos", ForAccounts),
        new("GET /v1/videos", ForAccounts),
        new("GET /v1/videos/{id:guid}", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("GET /v1/videos/{id:guid}/content", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("HEAD /v1/videos/{id:guid}/content", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("GET /v1/videos/{id:guid}/thumbnail", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("HEAD /v1/videos/{id:guid}/thumbnail", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("GET /v1/videos/{id:guid}/links", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("GET /v1/links/videos/{id:guid}/content", OpenToAll),
        new("HEAD /v1/links/videos/{id:guid}/content", OpenToAll),
        new("GET /v1/links/videos/{id:guid}/thumbnail", OpenToAll),
        new("HEAD /v1/links/videos/{id:guid}/thumbnail", OpenToAll),
        new("POST /v1/direct-uploads", ForAccounts),
        new("POST /v1/direct-uploads/{id:guid}/part-addresses", ForAccounts),
        new("POST /v1/direct-uploads/{id:guid}/complete", ForAccounts),
        new("OPTIONS /v1/uploads", OpenToAll),
        new("OPTIONS /v1/uploads/{id:guid}", OpenToAll),
        new("POST /v1/uploads", ForAccounts),
        new("HEAD /v1/uploads/{id:guid}", ForAccounts, Owned.Upload, ErrorTable.UploadNotFound),
        new("PATCH /v1/uploads/{id:guid}", ForAccounts, Owned.Upload, ErrorTable.UploadNotFound),
        new("DELETE /v1/uploads/{id:guid}", ForAccounts, Owned.Upload, ErrorTable.UploadNotFound),
        new("DELETE /v1/videos/{id:guid}", ForAccounts, Owned.FurtherVideo, ErrorTable.VideoNotFound),
        new("PUT /v1/videos/{id:guid}/pin", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("DELETE /v1/videos/{id:guid}/pin", ForAccounts, Owned.Video, ErrorTable.VideoNotFound),
        new("GET /v1/deletions", ForAccounts),
        new("GET /v1/deletions/{videoId:guid}", ForAccounts, Owned.DeletedVideo, ErrorTable.DeletionNotFound),
        new("POST /v1/jobs", ForAccounts, Owned.VideoOfBody, ErrorTable.VideoNotFound),
        new("GET /v1/jobs", ForAccounts),
        new("GET /v1/jobs/{id:guid}", ForAccounts, Owned.Job, ErrorTable.JobNotFound),
        new("GET /v1/jobs/events", ForAccounts),
        new("GET /v1/jobs/{id:guid}/events", ForAccounts, Owned.Job, ErrorTable.JobNotFound),
        new("POST /v1/jobs/{id:guid}/cancel", ForAccounts, Owned.Job, ErrorTable.JobNotFound),
        new("GET /v1/jobs/{id:guid}/captions.{format}", ForAccounts, Owned.Job, ErrorTable.JobNotFound),
        new("POST /v1/webhooks", ForMembers),
        new("GET /v1/webhooks", ForMembers),
        new("GET /v1/webhooks/{id:guid}", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("PATCH /v1/webhooks/{id:guid}", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("DELETE /v1/webhooks/{id:guid}", ForMembers, Owned.FurtherWebhook, ErrorTable.WebhookNotFound),
        new("POST /v1/webhooks/{id:guid}/secret", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("POST /v1/webhooks/{id:guid}/test", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("GET /v1/webhooks/{id:guid}/deliveries", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("GET /v1/webhooks/{id:guid}/deliveries/{deliveryId:guid}", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("POST /v1/webhooks/{id:guid}/deliveries/{deliveryId:guid}/redeliver", ForMembers, Owned.Webhook, ErrorTable.WebhookNotFound),
        new("GET /v1/credits", ForAccounts),
        new("GET /v1/credits/entries", ForAccounts),
        new("POST /v1/credits/quote", ForAccounts, Owned.VideoOfBody, ErrorTable.VideoNotFound),
        new("GET /v1/admin/accounts/{id:guid}", ForAdmins),
        new("GET /v1/admin/accounts/{id:guid}/credits/entries", ForAdmins),
        new("POST /v1/admin/accounts/{id:guid}/credits/grants", ForAdmins),
        new("POST /v1/admin/accounts/{id:guid}/credits/adjustments", ForAdmins),
        new("POST /v1/admin/accounts/{id:guid}/credits/refunds", ForAdmins),
        new("GET /v1/admin/jobs", ForAdmins),
        new("GET /v1/admin/jobs/{jobId:guid}", ForAdmins),
        new("POST /v1/admin/jobs/{jobId:guid}/requeue", ForAdmins),
        new("POST /v1/admin/jobs/{jobId:guid}/cancel", ForAdmins),
        new("GET /v1/admin/audit-events", ForAdmins),
        new("GET /.well-known/jwks.json", OpenToAll),
        new("GET /account/style.css", OpenToAll),
        new("GET /account/icon.svg", OpenToAll),
        new("GET /account/confirm", OpenToAll),
        new("POST /account/confirm", OpenToAll),
        new("GET /account/reset", OpenToAll),
        new("POST /account/reset", OpenToAll),
        new("GET /account/forgot", OpenToAll),
        new("POST /account/forgot", OpenToAll),
    ];

    /// <summary>What belongs to nobody's group: the health checks and the documentation. The framework maps their parts.</summary>
    private static readonly string[] Elsewhere = ["/health", "/docs", "/openapi"];

    public enum Owned
    {
        None,
        Video,
        Upload,
        VideoOfBody,
        FurtherVideo,
        DeletedVideo,
        Job,
        Session,
        Webhook,
        FurtherWebhook,
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Endpoints => [.. Rules.Select(rule => rule.Endpoint)];

    [Fact]
    public async Task Has_a_row_for_each_endpoint_that_says_what_the_endpoint_says()
    {
        await using var app = ApiHost.Build([]);
        app.MapEndpoints();
        var declared = ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Where(endpoint => !Elsewhere.Any(prefix => PathOf(endpoint).StartsWith(prefix, StringComparison.Ordinal)))
            .SelectMany(endpoint => endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods.Select(method =>
                $"{method} {PathOf(endpoint)}: {endpoint.Metadata.GetMetadata<AccessMetadata>()?.Access.ToString().ToLowerInvariant() ?? "says nothing"}"));

        Assert.Equal(Rules.Select(rule => $"{rule.Endpoint}: {rule.Access}").Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Is_what_the_OpenAPI_document_shows()
    {
        using var client = fixture.Service.CreateClient();
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json"), Cancellation);
        var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement;
        var shown = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation =>
            $"{operation.Name.ToUpperInvariant()} {path.Name}: {operation.Value.GetProperty("x-access").GetString()}, "
            + $"{(operation.Value.TryGetProperty("security", out _) ? "a token" : "no token")}"));

        Assert.Equal(
            Rules.Where(rule => !rule.Endpoint.Contains(" /account/", StringComparison.Ordinal))
                .Select(rule => $"{rule.Endpoint.Replace(":guid", "", StringComparison.Ordinal)}: {rule.Access}, {(rule.Access == OpenToAll ? "no token" : "a token")}")
                .Order(StringComparer.Ordinal),
            shown.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Holds_for_everybody(string endpoint)
    {
        var rule = Rules.Single(rule => rule.Endpoint == endpoint);
        using var guest = await fixture.NewGuest();
        using var member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
        using var anonymous = fixture.Service.CreateClient();

        await Holds(rule, owner, anonymous, rule.Access == OpenToAll ? null : ErrorTable.TokenMissing);
        await Holds(rule, owner, guest, rule.Access switch
        {
            ForMembers => ErrorTable.MemberOnly,
            ForAdmins => ErrorTable.OperatorOnly,
            _ => rule.OfAnother,
        });
        await Holds(rule, owner, member.Client, rule.Access == ForAdmins ? ErrorTable.OperatorOnly : rule.OfAnother);
        if (rule.OfAnother is not null)
        {
            await Holds(rule, owner, fixture.Operator, rule.OfAnother);
            await Holds(rule, owner, owner.Member.Client, refusal: null);
        }
        else if (rule.Access == ForAdmins)
        {
            await Holds(rule, owner, fixture.Operator, refusal: null);
        }
    }

    /// <param name="rule">The endpoint.</param>
    /// <param name="owner">Whose things are asked for.</param>
    /// <param name="client">Who asks.</param>
    /// <param name="refusal">How they are refused; null: they are let in, whatever is then said of the request.</param>
    private static async Task Holds(Rule rule, Owner owner, CaptionClient client, Error? refusal)
    {
        // Some answers do not end.
        using var response = await client.Open(rule.Request(owner), Cancellation);
        if (refusal is not null)
        {
            // An answer to HEAD has no words.
            if (response.RequestMessage!.Method == HttpMethod.Head)
                Assert.Equal(refusal.Status, (int)response.StatusCode);
            else
                await Task.FromResult(response).Is(refusal);
            return;
        }

        Error[] closed = [ErrorTable.TokenMissing, ErrorTable.TokenInvalid, ErrorTable.SessionEnded, ErrorTable.MemberOnly, ErrorTable.OperatorOnly];
        var code = response.Content.Headers.ContentType?.MediaType == "application/problem+json" && response.RequestMessage!.Method != HttpMethod.Head ? (await CaptionClient.Problem(response, Cancellation)).Code : "";
        Assert.DoesNotContain(closed.Append(rule.OfAnother!).OfType<Error>(), error => error.Code == code);
        Assert.True((int)response.StatusCode < 500, $"{rule.Endpoint} answered {(int)response.StatusCode} {code}.");
    }

    private static string PathOf(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText!.Trim('/')}";

    private sealed record Rule(string Endpoint, string Access, Owned Owned = Owned.None, Error? OfAnother = null)
    {
        public HttpRequestMessage Request(Owner owner)
        {
            var (method, path) = Endpoint.Split(' ') switch { var parts => (new HttpMethod(parts[0]), parts[1]) };
            var id = Owned switch
            {
                Owned.Video => owner.VideoId,
                Owned.FurtherVideo => owner.FurtherVideoId,
                Owned.DeletedVideo => owner.DeletedVideoId,
                Owned.Job => owner.JobId,
                Owned.Upload when method == HttpMethod.Delete => owner.UploadToDelete,
                Owned.Upload => owner.UploadId,
                Owned.Session => owner.SessionId,
                Owned.Webhook => owner.WebhookId,
                Owned.FurtherWebhook => owner.FurtherWebhookId,
                _ => owner.Member.AccountId,
            };
            var request = new HttpRequestMessage(
                method, path.Replace("{id:guid}", $"{id}", StringComparison.Ordinal).Replace("{videoId:guid}", $"{id}", StringComparison.Ordinal).Replace("{jobId:guid}", $"{id}", StringComparison.Ordinal).Replace("{deliveryId:guid}", $"{id}", StringComparison.Ordinal).Replace("{format}", "srt", StringComparison.Ordinal));
            if (method != HttpMethod.Get)
                request.Headers.TryAddWithoutValidation("Idempotency-Key", $"{Guid.CreateVersion7()}");
            if (Owned == Owned.VideoOfBody)
                request.Content = JsonContent.Create(new { videoId = owner.VideoId, language = "en" });
            else if (method == HttpMethod.Post || method == HttpMethod.Patch)
                request.Content = new StringContent("{}", new MediaTypeHeaderValue("application/json"));
            if (path.StartsWith("/v1/uploads", StringComparison.Ordinal))
                SpeakTus(request);
            // A guest would be gone, and a member without the password is not.
            if (Endpoint == "DELETE /v1/me")
                request.Content = JsonContent.Create(new { password = 1 });
            return request;
        }

        private static void SpeakTus(HttpRequestMessage request)
        {
            request.With("Tus-Resumable", "1.0.0").With("Upload-Length", "100").With("Upload-Offset", "0");
            if (request.Method == HttpMethod.Patch || request.Method == HttpMethod.Post)
                request.With(new ByteArrayContent([]));
        }
    }

    /// <summary>A member with videos, a job, two uploads under way, two webhooks and two sessions.</summary>
    public sealed class Owner(ServiceFixture fixture) : IAsyncLifetime
    {
        public MemberClient Member { get; private set; } = null!;

        public Guid VideoId { get; private set; }

        /// <summary>Which is deleted in the end.</summary>
        public Guid FurtherVideoId { get; private set; }

        public Guid DeletedVideoId { get; private set; }

        public Guid JobId { get; private set; }

        public Guid UploadId { get; private set; }

        public Guid UploadToDelete { get; private set; }

        public Guid WebhookId { get; private set; }

        /// <summary>Which is deleted in the end.</summary>
        public Guid FurtherWebhookId { get; private set; }

        /// <summary>The one that is not used.</summary>
        public Guid SessionId { get; private set; }

        public async ValueTask InitializeAsync()
        {
            Member = await fixture.Service.CreateMember(cancellationToken: Cancellation);
            VideoId = (await Member.Client.UploadAndProbe(fixture.Speech, Cancellation)).Id;
            JobId = (await Member.Client.WaitForEnd((await Member.Client.Submit(VideoId, cancellationToken: Cancellation)).Id, Cancellation)).Id;
            UploadId = await Member.Client.Begin(100, cancellationToken: Cancellation);
            UploadToDelete = await Member.Client.Begin(100, cancellationToken: Cancellation);
            FurtherVideoId = (await Member.Client.Upload(fixture.Speech, Cancellation)).Id;
            DeletedVideoId = (await Member.Client.Upload(fixture.Speech, Cancellation)).Id;
            await Member.Client.DeleteVideo(DeletedVideoId, Cancellation);
            (WebhookId, FurtherWebhookId) = (await Register(), await Register());
            await Member.SignIn(Cancellation);
            SessionId = (await Member.Client.Devices(Cancellation)).Single(device => !device.Current).Id;
        }

        /// <summary>Registers a webhook of the member, whose host does not exist.</summary>
        private async Task<Guid> Register() => (await Member.Client.RegisterWebhook(new { url = "https://hooks.example/" }, Cancellation)).Webhook.Id;

        public ValueTask DisposeAsync()
        {
            Member.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
