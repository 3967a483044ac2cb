using System.Text.Json;
using System.Text.RegularExpressions;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Docs;

public sealed partial class ApiDocumentation(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lists_every_endpoint()
    {
        using var document = await Document();

        Assert.Equal(
            [
                "get /v1/credits", "get /v1/credits/entries", "get /v1/jobs", "get /v1/jobs/{id}", "get /v1/jobs/{id}/captions.{format}",
                "get /v1/videos", "get /v1/videos/{id}", "post /v1/auth/guest", "post /v1/jobs", "post /v1/jobs/{id}/cancel", "post /v1/videos",
            ],
            Operations(document).Select(operation => operation.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Asks_for_a_token_everywhere_but_where_one_is_given()
    {
        using var document = await Document();

        Assert.Equal("bearer", document.RootElement.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").GetProperty("scheme").GetString());
        Assert.Equal(
            ["post /v1/auth/guest"],
            Operations(document).Where(operation => !operation.Value.TryGetProperty("security", out _)).Select(operation => operation.Name));
    }

    [Fact]
    public async Task Names_every_error_an_endpoint_can_answer_with()
    {
        using var document = await Document();
        var named = Operations(document)
            .SelectMany(operation => operation.Value.GetProperty("responses").EnumerateObject())
            .SelectMany(response => Code().Matches(response.Value.GetProperty("description").GetString()!))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();

        // What is not about any endpoint.
        Error[] everywhere = [ErrorTable.NotFound, ErrorTable.MethodNotAllowed];
        Assert.Equal(ErrorTable.All.Except(everywhere).Select(error => error.Code).Order(), named.Order());
    }

    [Fact]
    public async Task Describes_what_the_handlers_read_by_themselves()
    {
        using var document = await Document();
        var operations = Operations(document).ToDictionary(operation => operation.Name, operation => operation.Value);

        var file = operations["post /v1/videos"].GetProperty("requestBody").GetProperty("content").GetProperty("multipart/form-data")
            .GetProperty("schema").GetProperty("properties").GetProperty("file");
        Assert.Equal("binary", file.GetProperty("format").GetString());
        var key = Assert.Single(operations["post /v1/jobs"].GetProperty("parameters").EnumerateArray());
        Assert.Equal("Idempotency-Key", key.GetProperty("name").GetString());
        Assert.True(key.GetProperty("required").GetBoolean());
    }

    [Fact]
    public async Task Has_a_page_that_needs_no_other_host()
    {
        using var client = fixture.Service.CreateClient();
        using var page = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/docs/"), Cancellation);
        var html = await page.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal(200, (int)page.StatusCode);
        Assert.DoesNotContain("https://", html, StringComparison.Ordinal);
        using var script = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/docs/scalar.js"), Cancellation);
        Assert.Equal(200, (int)script.StatusCode);
    }

    private async Task<JsonDocument> Document()
    {
        using var client = fixture.Service.CreateClient();
        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json"), Cancellation);
        return JsonDocument.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(Cancellation));
    }

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonDocument document) =>
        from path in document.RootElement.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    [GeneratedRegex("`([a-z_]+)`:")]
    private static partial Regex Code();
}
