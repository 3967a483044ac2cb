using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Credits;

/// <summary>What operators ask for and cannot be meant; none of it leaves a line.</summary>
public sealed class BadOperations(ServiceFixture fixture, BadOperations.Victim victim) : IClassFixture<BadOperations.Victim>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("grants", 0)]
    [InlineData("grants", -1)]
    [InlineData("grants", 1_000_000_000_001)]
    [InlineData("adjustments", 0)]
    [InlineData("adjustments", 1_000_000_000_001)]
    [InlineData("adjustments", -1_000_000_000_001)]
    [InlineData("adjustments", long.MinValue)]
    [InlineData("refunds", 0)]
    [InlineData("refunds", -1)]
    [InlineData("refunds", 1_000_000_000_001)]
    public Task An_amount_beyond_its_limits_is_not_valid(string operation, long amount) =>
        IsRefused(operation, $$"""{ {{Job(operation)}} "amount": {{amount}}, "reason": "A slip." }""", ErrorTable.InvalidAmount);

    [Theory]
    [InlineData("1.5")]
    [InlineData("\"1\"")]
    [InlineData("1e30")]
    [InlineData("true")]
    public async Task An_amount_that_is_no_whole_number_is_refused(string amount)
    {
        await IsRefused("grants", $$"""{ "amount": {{amount}}, "reason": "A slip." }""", ErrorTable.InvalidRequest);
        await IsRefused("adjustments", $$"""{ "amount": {{amount}}, "reason": "A slip." }""", ErrorTable.InvalidRequest);
        await IsRefused("refunds", $$"""{ {{Job("refunds")}} "amount": {{amount}}, "reason": "A slip." }""", ErrorTable.InvalidRequest);
    }

    [Theory]
    [InlineData("""{ "amount": 1 }""")]
    [InlineData("""{ "reason": "A present." }""")]
    [InlineData("""{ "amount": null, "reason": "A present." }""")]
    [InlineData("""{ "amount": 1, "reason": null }""")]
    [InlineData("""{ "amount": 1, "reason": "A present.", "actor": "Somebody else" }""")]
    [InlineData("""{ "amount": 1, "amount": 2, "reason": "A present." }""")]
    [InlineData("""{ "amount": 1, "reason": """)]
    [InlineData("null")]
    [InlineData("")]
    public async Task A_body_that_is_not_as_documented_is_refused(string body)
    {
        await IsRefused("grants", body, ErrorTable.InvalidRequest);
        await IsRefused("adjustments", body, ErrorTable.InvalidRequest);
    }

    [Theory]
    [InlineData("""{ "reason": "Bad captions." }""")]
    [InlineData("""{ "jobId": "no id", "reason": "Bad captions." }""")]
    [InlineData("""{ "jobId": "01900000-0000-7000-8000-000000000000" }""")]
    public Task A_refund_needs_a_job_and_a_reason(string body) => IsRefused("refunds", body, ErrorTable.InvalidRequest);

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\\nlines")]
    [InlineData("nul\\u0000")]
    [InlineData("half a pair \\ud83d")]
    [InlineData("separated\\u2028lines")]
    public async Task A_reason_that_is_no_line_of_text_is_refused(string reason)
    {
        foreach (var operation in new[] { "grants", "adjustments", "refunds" })
            await IsRefused(operation, $$"""{ {{Job(operation)}} "amount": 1, "reason": "{{reason}}" }""", ErrorTable.InvalidRequest);
    }

    [Fact]
    public async Task A_reason_has_200_characters_at_the_most()
    {
        using var guest = await fixture.NewGuest();
        foreach (var operation in new[] { "grants", "adjustments", "refunds" })
            await IsRefused(operation, $$"""{ {{Job(operation)}} "amount": 1, "reason": "{{new string('ö', 201)}}" }""", ErrorTable.InvalidRequest);

        var longest = new string('ö', 200);
        foreach (var operation in new[] { "grants", "adjustments" })
        {
            var applied = await fixture.Operator.Apply(guest.Session!.AccountId, operation, new { amount = 1, reason = longest }, cancellationToken: Cancellation);
            Assert.Equal(longest, applied.Entry.Reason);
        }
    }

    [Theory]
    [InlineData("welcome")]
    [InlineData("Operator")]
    [InlineData("")]
    [InlineData("theft")]
    public Task A_source_that_is_not_an_operators_to_name_is_refused(string source) =>
        IsRefused("grants", $$"""{ "amount": 1, "reason": "A present.", "source": "{{source}}" }""", ErrorTable.InvalidRequest);

    [Theory]
    [InlineData("tomorrow")]
    [InlineData("2099-01-01")]
    [InlineData("2099-01-01T00:00:00")]
    [InlineData("")]
    public Task An_expiry_that_is_no_time_is_refused(string expiresAt) =>
        IsRefused("grants", $$"""{ "amount": 1, "reason": "A present.", "expiresAt": "{{expiresAt}}" }""", ErrorTable.InvalidRequest);

    [Theory]
    [InlineData("2020-01-01T00:00:00Z")]
    [InlineData("0001-01-01T00:00:00Z")]
    public Task An_expiry_that_is_over_is_not_valid(string expiresAt) =>
        IsRefused("grants", $$"""{ "amount": 1, "reason": "A present.", "expiresAt": "{{expiresAt}}" }""", ErrorTable.InvalidExpiry);

    [Fact]
    public async Task An_expiry_may_be_as_far_as_time_goes()
    {
        using var guest = await fixture.NewGuest();
        var body = new { amount = 1, reason = "A present.", expiresAt = "9999-12-31T23:59:59.999999Z" };

        var applied = await fixture.Operator.Apply(guest.Session!.AccountId, "grants", body, "my key", Cancellation);

        Assert.Equal("9999-12-31T23:59:59.9999990+00:00", $"{applied.Entry.ExpiresAt:O}");
        Assert.Equal(applied, await fixture.Operator.Apply(guest.Session.AccountId, "grants", body, "my key", Cancellation));
        Assert.Equal(applied.Entry.ExpiresAt, Assert.Single((await guest.CreditsInFull(Cancellation)).Expiring).ExpiresAt);
    }

    [Theory]
    [InlineData("grants")]
    [InlineData("adjustments")]
    [InlineData("refunds")]
    public async Task A_key_is_needed_and_has_its_limits(string operation)
    {
        var body = $$"""{ {{Job(operation)}} "amount": 1, "reason": "A present." }""";
        await IsRefused(operation, body, ErrorTable.IdempotencyKeyMissing, key: null);
        await IsRefused(operation, body, ErrorTable.IdempotencyKeyInvalid, key: new string('k', 201));
    }

    [Theory]
    [InlineData("grants")]
    [InlineData("adjustments")]
    [InlineData("refunds")]
    public async Task A_body_that_is_not_small_JSON_is_refused(string operation)
    {
        var large = $$"""{ {{Job(operation)}} "amount": 1, "reason": "{{new string('r', 65536)}}" }""";
        await IsRefused(operation, large, ErrorTable.BodyTooLarge);
        await IsRefused(operation, "amount=1&reason=A+present", ErrorTable.UnsupportedContentType, mediaType: "application/x-www-form-urlencoded");
    }

    [Fact]
    public async Task An_account_that_is_not_there_is_not_found()
    {
        var nobody = Guid.CreateVersion7();

        foreach (var operation in new[] { "grants", "adjustments", "refunds" })
        {
            await fixture.Operator.Send(Request(nobody, operation, $$"""{ {{Job(operation)}} "amount": 1, "reason": "A present." }"""), Cancellation)
                .Is(ErrorTable.AccountNotFound);
        }

        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{nobody}/credits/entries"), Cancellation)
            .Is(ErrorTable.AccountNotFound);
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{nobody}"), Cancellation)
            .Is(ErrorTable.AccountNotFound);
        await fixture.Operator.Send(new HttpRequestMessage(HttpMethod.Get, "/v1/admin/accounts/nobody"), Cancellation)
            .Is(ErrorTable.NotFound);
    }

    [Fact]
    public async Task A_cursor_is_one_the_list_gave_out()
    {
        await fixture.Operator.Send(
            new HttpRequestMessage(HttpMethod.Get, $"/v1/admin/accounts/{victim.Guest.Session!.AccountId}/credits/entries?cursor=x"), Cancellation)
            .Is(ErrorTable.InvalidCursor);
    }

    private async Task IsRefused(string operation, string body, Error error, string? key = "key", string mediaType = "application/json")
    {
        await fixture.Operator.Send(Request(victim.Guest.Session!.AccountId, operation, body, key, mediaType), Cancellation).Is(error);
        await Traces.Before(fixture, victim.Guest).AreNone();
    }

    private static HttpRequestMessage Request(
        Guid accountId, string operation, string body, string? key = "key", string mediaType = "application/json")
    {
        var request = CaptionClient.OperationRequest(accountId, operation, new { }, key);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(mediaType);
        return request;
    }

    /// <summary>What a refund has on top of the members that all operations have.</summary>
    private static string Job(string operation) => operation == "refunds" ? """ "jobId": "01900000-0000-7000-8000-000000000000", """ : "";

    /// <summary>A guest whose credits are left alone.</summary>
    public sealed class Victim(ServiceFixture fixture) : IAsyncLifetime
    {
        public CaptionClient Guest { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Guest = await fixture.NewGuest();

        public ValueTask DisposeAsync()
        {
            Guest.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
