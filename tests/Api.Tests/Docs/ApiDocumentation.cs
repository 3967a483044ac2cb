using System.Text.Json;
using System.Text.RegularExpressions;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Docs;

public sealed partial class ApiDocumentation(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Describes_every_parameter_and_every_member()
    {
        using var document = await Document();
        var parameters =
            from operation in Operations(document)
            where operation.Value.TryGetProperty("parameters", out _)
            from parameter in operation.Value.GetProperty("parameters").EnumerateArray()
            // What the path names is described by the path.
            where parameter.GetProperty("in").GetString() != "path"
            select ($"{operation.Name} {parameter.GetProperty("name").GetString()}", parameter);
        var members =
            from schema in document.RootElement.GetProperty("components").GetProperty("schemas").EnumerateObject()
            where schema.Value.TryGetProperty("properties", out _)
            from member in schema.Value.GetProperty("properties").EnumerateObject()
            select ($"{schema.Name}.{member.Name}", member.Value);

        Assert.Empty(parameters.Concat(members).Where(described => !IsDescribed(described.Item2)).Select(described => described.Item1));

        // What is an object of its own is described there.
        static bool IsDescribed(JsonElement element) =>
            element.TryGetProperty("description", out _) || element.TryGetProperty("$ref", out _) || element.TryGetProperty("oneOf", out _);
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
        Error[] everywhere = [ErrorTable.NotFound, ErrorTable.MethodNotAllowed, ErrorTable.HttpsRequired, ErrorTable.HostNotAllowed];
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
        string[] operators = ["grants", "adjustments", "refunds"];
        foreach (var name in operators.Select(operation => $"post /v1/admin/accounts/{{id}}/credits/{operation}").Prepend("post /v1/jobs"))
        {
            var key = Assert.Single(
                operations[name].GetProperty("parameters").EnumerateArray(), parameter => parameter.GetProperty("in").GetString() == "header");
            Assert.Equal("Idempotency-Key", key.GetProperty("name").GetString());
            Assert.True(key.GetProperty("required").GetBoolean());
        }
    }

    [Fact]
    public async Task Bounds_every_text_and_number_that_is_sent()
    {
        using var document = await Document();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        var parameters =
            from operation in Operations(document)
            where operation.Value.TryGetProperty("parameters", out _)
            from parameter in operation.Value.GetProperty("parameters").EnumerateArray()
            select ($"{operation.Name} {parameter.GetProperty("name").GetString()}", parameter.GetProperty("schema"));
        var members =
            from body in Bodies(document)
            from member in schemas.GetProperty(body).GetProperty("properties").EnumerateObject()
            select ($"{body}.{member.Name}", member.Value);

        var all = parameters.Concat(members).ToList();
        Assert.NotEmpty(all);
        Assert.Empty(all.Where(value => !IsBounded(value.Item2)).Select(value => value.Item1));

        static bool IsBounded(JsonElement schema) =>
            schema.TryGetProperty("items", out var items) ? IsBounded(items)
            : Types(schema).Contains("integer") ? schema.TryGetProperty("minimum", out _) && schema.TryGetProperty("maximum", out _)
            : !Types(schema).Contains("string")
                || schema.TryGetProperty("maxLength", out _)
                || schema.TryGetProperty("enum", out _)
                || (schema.TryGetProperty("format", out var format) && format.GetString() == "uuid");

        static IEnumerable<string?> Types(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
            : type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()) : [type.GetString()];
    }

    [Fact]
    public async Task Shows_the_rules_that_requests_are_checked_by()
    {
        using var document = await Document();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        var grant = schemas.GetProperty("NewGrant").GetProperty("properties");

        Assert.Equal((1, 1_000_000_000_000), (grant.GetProperty("amount").GetProperty("minimum").GetInt64(), grant.GetProperty("amount").GetProperty("maximum").GetInt64()));
        Assert.Equal((1, 200), (grant.GetProperty("reason").GetProperty("minLength").GetInt32(), grant.GetProperty("reason").GetProperty("maxLength").GetInt32()));
        Assert.Equal("date-time", grant.GetProperty("expiresAt").GetProperty("format").GetString());
        Assert.Equal(
            ["purchase", "promotion", "operator", null], grant.GetProperty("source").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal(["amount", "reason"], schemas.GetProperty("NewGrant").GetProperty("required").EnumerateArray().Select(name => name.GetString()));
        Assert.Equal("^[A-Za-z0-9_-]+$", schemas.GetProperty("NewJob").GetProperty("properties").GetProperty("language").GetProperty("pattern").GetString());
        var entries = Operations(document).Single(operation => operation.Name == "get /v1/credits/entries").Value.GetProperty("parameters")
            .EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!, parameter => parameter.GetProperty("schema"));
        Assert.Equal(["cursor", "from", "kind", "limit", "until"], entries.Keys.Order());
        Assert.Equal((1, 100), (entries["limit"].GetProperty("minimum").GetInt32(), entries["limit"].GetProperty("maximum").GetInt32()));
        Assert.Contains("transfer_in", entries["kind"].GetProperty("items").GetProperty("enum").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public async Task Forbids_other_members_in_what_is_sent_and_in_nothing_else()
    {
        using var document = await Document();
        var schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        var closed = schemas.EnumerateObject()
            .Where(schema => schema.Value.TryGetProperty("additionalProperties", out var others) && others.ValueKind == JsonValueKind.False)
            .Select(schema => schema.Name);

        Assert.Equal(Bodies(document).SelectMany(body => Listed(body).Prepend(body)).Order(), closed.Order());

        // What a body has lists of.
        IEnumerable<string> Listed(string body) =>
            from member in schemas.GetProperty(body).GetProperty("properties").EnumerateObject()
            where member.Value.TryGetProperty("items", out var items) && items.TryGetProperty("$ref", out _)
            select member.Value.GetProperty("items").GetProperty("$ref").GetString()!.Split('/')[^1];
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

    /// <summary>The names of the schemas of JSON bodies.</summary>
    private static HashSet<string> Bodies(JsonDocument document) =>
    [
        .. from operation in Operations(document)
           where operation.Value.TryGetProperty("requestBody", out _)
           from content in operation.Value.GetProperty("requestBody").GetProperty("content").EnumerateObject()
           where content.Name == "application/json"
           select NameOf(content.Value.GetProperty("schema")),
    ];

    /// <summary>A body that may be left out is its schema or null.</summary>
    private static string NameOf(JsonElement schema) => schema.TryGetProperty("$ref", out var reference)
        ? reference.GetString()!.Split('/')[^1]
        : NameOf(schema.GetProperty("oneOf").EnumerateArray().Last());

    private static IEnumerable<(string Name, JsonElement Value)> Operations(JsonDocument document) =>
        from path in document.RootElement.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select ($"{operation.Name} {path.Name}", operation.Value);

    [GeneratedRegex("`([a-z_]+)`:")]
    private static partial Regex Code();
}
