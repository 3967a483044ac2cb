using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Validation;

namespace AX2Caption.Api.Tests.Validation;

public sealed class BodyCheckTests
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };

    [Fact]
    public void Check_AsDeclared_FindsNothing()
    {
        Assert.Empty(Check(
            """
            { "id": "01900000-0000-7000-8000-000000000000", "name": "Order", "lines": [{ "count": 1 }, { "count": 9, "note": null }],
              "tags": ["a", "b"], "paid": false, "total": -5 }
            """));
        Assert.Empty(Check("""{ "id": "01900000-0000-7000-8000-000000000000", "name": "x", "lines": [], "tags": null }"""));
    }

    [Fact]
    public void Check_Everything_IsFoundAtOnceAndByName()
    {
        Assert.Equal(
            [
                "id must be a UUID, such as 01900000-0000-7000-8000-000000000000.",
                "name must be one line of text, 1 to 5 characters.",
                "lines[0].count must be a whole number from 1 to 9.",
                "lines[1] must be an object.",
                "lines[2] must not be null.",
                "lines[3].extra is not a member of this request.",
                "lines[3].count is required.",
                "tags must be an array.",
                "paid must be true or false.",
                "total must be a whole number of 32 bits.",
                "Total is not a member of this request.",
                "total must be given only once.",
            ],
            Check(
                """
                { "id": "nobody", "name": "too long", "lines": [{ "count": 10 }, 5, null, { "extra": 1 }], "tags": "a", "paid": "true",
                  "total": 2147483648, "Total": 1, "total": 1 }
                """));
    }

    [Fact]
    public void Check_WhatIsLeftOut_IsRequiredUnlessThereIsADefault() =>
        Assert.Equal(["id is required.", "name is required.", "lines is required.", "tags is required."], Check("{}"));

    [Theory]
    [InlineData("null", "must not be null.")]
    [InlineData("5", "must be one line of text, 1 to 5 characters.")]
    [InlineData("[]", "must be one line of text, 1 to 5 characters.")]
    [InlineData("{}", "must be one line of text, 1 to 5 characters.")]
    [InlineData("\"\"", "must be one line of text, 1 to 5 characters.")]
    [InlineData("\"a\\u0000\"", "must be one line of text, 1 to 5 characters.")]
    [InlineData("\"\\ud83d\"", "must be one line of text, 1 to 5 characters.")]
    public void Check_TextThatBreaksItsRule_SaysTheRule(string name, string message) =>
        Assert.Equal([$"name {message}"], Check($$"""{ "id": "01900000-0000-7000-8000-000000000000", "name": {{name}}, "lines": [], "tags": [] }"""));

    [Theory]
    [InlineData("\"line\\nfeed\"")]
    [InlineData("\"\\u0000\"")]
    [InlineData("\"\\ude4f\\ud83d\"")]
    [InlineData("5")]
    public void Check_TextWithoutARule_IsRefusedControlsAndHalfCharacters(string tag) => Assert.Equal(
        ["tags[1] must be text without control characters."],
        Check($$"""{ "id": "01900000-0000-7000-8000-000000000000", "name": "x", "lines": [], "tags": ["🙏", {{tag}}] }"""));

    [Theory]
    [InlineData("1.5")]
    [InlineData("1e2")]
    [InlineData("1e400")]
    [InlineData("-9223372036854775809")]
    [InlineData("\"1\"")]
    [InlineData("true")]
    public void Check_WhatIsNoWholeNumber_IsRefused(string count) => Assert.Equal(
        ["lines[0].count must be a whole number from 1 to 9."],
        Check($$"""{ "id": "01900000-0000-7000-8000-000000000000", "name": "x", "lines": [{ "count": {{count}} }], "tags": [] }"""));

    [Fact]
    public void Check_AMembersNameThatIsNoText_IsShownAsItCame() => Assert.Equal(
        [@"\ud83d is not a member of this request."],
        Check("""{ "\ud83d": 1, "id": "01900000-0000-7000-8000-000000000000", "name": "x", "lines": [], "tags": [] }"""));

    [Fact]
    public void Check_ThousandsOfErrors_AreCutAtTheLimit()
    {
        var members = string.Join(',', Enumerable.Range(0, 5000).Select(i => $"\"m{i}\": 1"));

        Assert.Equal(FieldErrors.Maximum, Check($$"""{ {{members}} }""").Count());
        Assert.Equal(FieldErrors.Maximum, Check($$"""{ "lines": [{{string.Join(',', Enumerable.Repeat("1", 5000))}}] }""").Count());
    }

    [Fact]
    public void Check_ALongName_IsCutBetweenCharacters()
    {
        var error = Errors($$"""{ "{{new string('m', 99)}}🙏": 1 }""")[0];

        Assert.Equal($"{new string('m', 99)}…", error.Field);
    }

    private static IEnumerable<string> Check(string body) => Errors(body).Select(error => $"{error.Field} {error.Message}");

    private static IReadOnlyList<FieldError> Errors(string body)
    {
        using var document = JsonDocument.Parse(body);
        var errors = new FieldErrors();
        BodyCheck.Check(document.RootElement, Json.GetTypeInfo(typeof(Order)), errors);
        return errors.All;
    }

    private sealed record Order(
        Guid Id, [Line(5)] string Name, IReadOnlyList<OrderLine> Lines, string[]? Tags, bool Paid = false, int? Total = null);

    private sealed record OrderLine([WholeNumber(1, 9)] long Count, string? Note = null);
}
