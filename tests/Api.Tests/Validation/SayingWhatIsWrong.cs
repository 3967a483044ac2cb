using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
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
            .Is(ErrorTable.VideoNotFound);
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
    public async Task Query_and_body_are_told_together_with_headers()
    {
        var request = Post("/v1/jobs", "{}"u8.ToArray());
        request.Headers.TryAddWithoutValidation("Idempotency-Key", "another");

        Assert.Equal(
            ["Idempotency-Key must be given only once.", "videoId is required.", "language is required."], await Refused(request));
    }

    [Fact]
    public async Task An_error_of_its_own_code_names_its_field_too()
    {
        var problem = await fixture.Operator.Send(
            CaptionClient.OperationRequest(customer.Client.Session!.AccountId, "grants", new { amount = 0, reason = "A slip." }, "key"), Cancellation)
            .Is(ErrorTable.InvalidAmount);

        Assert.Equal(["amount must be from 1 to 1000000000000."], Errors(problem));
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
