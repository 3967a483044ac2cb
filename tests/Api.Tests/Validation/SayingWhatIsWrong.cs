using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Api.Tests.Fuzzing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Validation;

/// <summary>A request that is not as documented is told which values are wrong, all at once, in words that are ours.</summary>
public sealed class SayingWhatIsWrong(ServiceFixture fixture, SayingWhatIsWrong.Customer customer) : IClassFixture<SayingWhatIsWrong.Customer>
{
    private const string Name = "must be 1 to 64 letters, digits, hyphens or underscores.";
    private const string Uuid = "must be a UUID, such as 01900000-0000-7000-8000-000000000000.";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("""{ "language": 5, "speed": 1, "profile": "a b" }""", "language " + Name, "speed is not a member of this request.", "profile " + Name, "videoId is required.")]
    [InlineData("""{ "videoId": "x", "language": null }""", "videoId " + Uuid, "language must not be null.")]
    [InlineData("""{ "videoId": "01900000-0000-7000-8000-000000000000", "language": "en", "language": "de" }""", "language must be given only once.")]
    [InlineData("""{ "videoId": "01900000-0000-7000-8000-000000000000", "language": "\ud83d" }""", "language " + Name)]
    [InlineData("""{ "videoId": "01900000-0000-7000-8000-000000000000", "language": "en", "quoteId": 1 }""", "quoteId " + Uuid)]
    public async Task A_body_names_its_members(string body, params string[] errors)
    {
        foreach (var path in new[] { "/v1/jobs", "/v1/credits/quote" })
        {
            // A quote has no quoteId.
            if (path == "/v1/jobs" || !body.Contains("quoteId", StringComparison.Ordinal))
                Assert.Equal(errors, await Refused(Post(path, Encoding.UTF8.GetBytes(body))));
        }
    }

    [Fact]
    public async Task A_name_may_have_64_characters_and_no_more()
    {
        var video = Guid.CreateVersion7();
        await customer.Client.Send(CaptionClient.SubmitRequest(new { videoId = video, language = new string('e', 64) }, "key"), Cancellation)
            .Is(ErrorTable.LanguageNotSupported);
        Assert.Equal(
            [$"language {Name}"], await Refused(CaptionClient.SubmitRequest(new { videoId = video, language = new string('e', 65) }, "key")));
    }

    [Theory]
    [InlineData("", "The body is missing.")]
    [InlineData("null", "The body must be a JSON object.")]
    [InlineData("[]", "The body must be a JSON object.")]
    [InlineData("{ \"videoId\": ", "The body is not valid JSON, or is more than 16 levels deep, from line 1, byte 14 on.")]
    [InlineData("{}\n{}", "The body is not valid JSON, or is more than 16 levels deep, from line 2, byte 1 on.")]
    [InlineData("{ /* */ }", "The body is not valid JSON, or is more than 16 levels deep, from line 1, byte 3 on.")]
    [InlineData("{ \"a\": 1, }", "The body is not valid JSON, or is more than 16 levels deep, from line 1, byte 11 on.")]
    [InlineData("{ \"a\": NaN }", "The body is not valid JSON, or is more than 16 levels deep, from line 1, byte 8 on.")]
    public async Task A_body_that_is_none_is_told_as_a_whole(string body, string detail)
    {
        var problem = await customer.Client.Send(Post("/v1/jobs", Encoding.UTF8.GetBytes(body)), Cancellation).Is(ErrorTable.InvalidRequest);

        Assert.Equal(detail, problem.Detail);
        Assert.DoesNotContain("errors", problem.Members.Keys);
    }

    [Fact]
    public async Task Sixteen_levels_are_read_and_seventeen_are_not()
    {
        Assert.Contains("a is not a member of this request.", await Refused(Post("/v1/jobs", Encoding.UTF8.GetBytes(Nested(16)))));
        var problem = await customer.Client.Send(Post("/v1/jobs", Encoding.UTF8.GetBytes(Nested(17))), Cancellation).Is(ErrorTable.InvalidRequest);
        Assert.StartsWith("The body is not valid JSON, or is more than 16 levels deep", problem.Detail, StringComparison.Ordinal);

        static string Nested(int levels) => $"{{\"a\":{new string('[', levels - 1)}{new string(']', levels - 1)}}}";
    }

    [Fact]
    public async Task A_body_that_is_not_UTF_8_is_refused()
    {
        var problem = await customer.Client.Send(Post("/v1/jobs", [.. "{\"language\":\""u8, 0xFF, .. "\"}"u8]), Cancellation)
            .Is(ErrorTable.InvalidRequest);
        Assert.Equal("The body is not valid UTF-8.", problem.Detail);
    }

    [Theory]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=iso-8859-1")]
    [InlineData("application/json; charset=nonsense")]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public Task Another_type_or_charset_is_unsupported(string type) =>
        customer.Client.Send(Post("/v1/jobs", "{}"u8.ToArray(), type), Cancellation).Is(ErrorTable.UnsupportedContentType);

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/merge-patch+json")]
    public async Task UTF_8_by_its_name_is_what_it_is_without(string type) =>
        Assert.NotEmpty(await Refused(Post("/v1/jobs", "{}"u8.ToArray(), type)));

    [Fact]
    public async Task A_byte_order_mark_is_passed_over() =>
        await customer.Client.Send(
            Post("/v1/jobs", [0xEF, 0xBB, 0xBF, .. """{"videoId":"01900000-0000-7000-8000-000000000000","language":"en"}"""u8]), Cancellation)
            .Is(ErrorTable.VideoNotFound);

    [Theory]
    [InlineData("/v1/videos?limit=abc", "limit must be a whole number from 1 to 100.")]
    [InlineData("/v1/videos?limit=", "limit must be a whole number from 1 to 100.")]
    [InlineData("/v1/jobs?limit=99999999999999999999", "limit must be a whole number from 1 to 100.")]
    [InlineData("/v1/jobs?limit=1&limit=2", "limit must be given only once.")]
    [InlineData("/v1/credits/entries?limit=0&from=now&from=then", "from must be given only once.", "limit must be a whole number from 1 to 100.")]
    public async Task A_query_names_its_parameters(string path, params string[] errors) =>
        Assert.Equal(errors, await Refused(new HttpRequestMessage(HttpMethod.Get, path)));

    [Fact]
    public async Task Headers_and_body_are_told_together()
    {
        // A client library would make one header of two.
        var answer = await Send("/v1/jobs", "Idempotency-Key: another\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}");

        using var problem = JsonDocument.Parse(answer);
        Assert.Equal(
            ["Idempotency-Key", "videoId", "language"],
            problem.RootElement.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("field").GetString()));
    }

    [Theory]
    [InlineData("2\r\n{}\r\n0\r\nX-Trailer: \u00ff\r\n\r\n")]
    [InlineData("2\r\n{}\r\n0\r\nX-Trailer: a\0b\r\n\r\n")]
    [InlineData("FFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n")]
    [InlineData("zz\r\n{}\r\n0\r\n\r\n")]
    public async Task Chunks_that_are_none_are_not_our_fault(string chunks)
    {
        Assert.Contains("\"code\":\"invalid_request\"", await Chunked("/v1/jobs", "application/json", chunks), StringComparison.Ordinal);
        var upload = await Chunked("/v1/videos", "multipart/form-data; boundary=b", chunks);
        Assert.True(
            upload.Contains("\"code\":\"upload_incomplete\"", StringComparison.Ordinal)
            || upload.Contains("\"code\":\"invalid_request\"", StringComparison.Ordinal),
            upload);
    }

    [Fact]
    public async Task An_error_of_its_own_code_names_its_field_too()
    {
        var problem = await fixture.Operator.Send(
            CaptionClient.OperationRequest(customer.Client.Session!.AccountId, "grants", new { amount = 0, reason = "A slip." }, "key"), Cancellation)
            .Is(ErrorTable.InvalidAmount);

        Assert.Equal(["amount must be from 1 to 1000000000000."], Errors(problem));
    }

    private Task<string> Chunked(string path, string type, string chunks) =>
        Send(path, $"Content-Type: {type}\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}");

    /// <returns>The body of the answer, which must be a 400.</returns>
    private async Task<string> Send(string path, string rest)
    {
        var request = $"POST {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nAuthorization: Bearer {customer.Client.Session!.AccessToken}\r\n"
            + $"Idempotency-Key: key\r\n{rest}";
        var answer = await RawHttp.Send(fixture.Service.ApiUrl, Encoding.Latin1.GetBytes(request), hangUp: false, Cancellation);
        Assert.Equal(400, answer?.Status);
        return answer!.Text;
    }

    private async Task<IEnumerable<string>> Refused(HttpRequestMessage request) =>
        Errors(await customer.Client.Send(request, Cancellation).Is(ErrorTable.InvalidRequest));

    private static IEnumerable<string> Errors(ClientProblem problem)
    {
        var errors = problem.Members["errors"].EnumerateArray()
            .Select(error => $"{error.GetProperty("field").GetString()} {error.GetProperty("message").GetString()}").ToList();
        Assert.StartsWith(errors[0], problem.Detail, StringComparison.Ordinal);
        return errors;
    }

    private static HttpRequestMessage Post(string path, byte[] body, string type = "application/json")
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return new HttpRequestMessage(HttpMethod.Post, path) { Content = content, Headers = { { "Idempotency-Key", "key" } } };
    }

    /// <summary>A guest who has nothing, and is sent nothing that could change that.</summary>
    public sealed class Customer(ServiceFixture fixture) : IAsyncLifetime
    {
        public CaptionClient Client { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Client = await fixture.NewGuest();

        public ValueTask DisposeAsync()
        {
            Client.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
