using System.Text;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>The fuzz run sees what it is there for.</summary>
public sealed class AnswerCheckTests
{
    private const string Good =
        """{"type":"urn:ax2caption:error:video_not_found","title":"There is no such video.","status":404,"detail":"None.","code":"video_not_found","requestId":"r"}""";

    private static readonly AnswerCheck Check = new(["01900000-0000-7000-8000-00000000cafe", "canary.mp4"], "/srv/objects");

    [Fact]
    public void Fault_AnAnswerOfTheTable_IsNone()
    {
        Assert.Null(Fault(Answer(404, Good)));
        Assert.Null(Fault(Answer(200, """{"items":[]}""", "application/json")));
        Assert.Null(Fault(Answer(400, Problem(ErrorTable.InvalidRequest, ""","errors":[{"field":"a","message":"is required."}]"""))));
    }

    [Theory]
    [InlineData(500, Good, "The status is 500.")]
    [InlineData(409, Good, "The code 'video_not_found' came with the status 409.")]
    [InlineData(404, "", "The error is no problem document")]
    [InlineData(404, "<html>", "The error is no problem document")]
    [InlineData(404, "[]", "The error is no problem document")]
    [InlineData(404, """{"status":404}""", "The error is no problem document")]
    [InlineData(200, """{"fileName":"Canary.mp4"}""", "The answer holds another's 'canary.mp4'.")]
    [InlineData(200, """{"id":"01900000-0000-7000-8000-00000000CAFE"}""", "The answer holds another's")]
    [InlineData(200, "at System.String.Concat()", "The body tells 'System.'.")]
    [InlineData(200, "/srv/objects/videos/1", "The body tells '/srv/objects'.")]
    public void Fault_ABadAnswer_IsFound(int status, string body, string fault) => Assert.StartsWith(fault, Fault(Answer(status, body)), StringComparison.Ordinal);

    [Theory]
    [InlineData("video_not_found", "no_such_code", "There is no code 'no_such_code'.")]
    [InlineData("There is no such video.", "Another title.", "Title or type is not the code's.")]
    [InlineData("\"status\":404", "\"status\":400", "The code 'video_not_found' came with the status 404.")]
    [InlineData("None.", "", "There is no detail.")]
    [InlineData("\"r\"", "\"another\"", "The request's id is not the header's.")]
    [InlineData("}", ",\"errors\":[]}", "The field errors are not as documented.")]
    [InlineData("}", ",\"errors\":[{\"field\":\"a\",\"message\":\"\"}]}", "The field errors are not as documented.")]
    [InlineData("}", ",\"errors\":[{\"message\":\"is wrong.\"}]}", "The error is no problem document")]
    public void Fault_AProblemThatIsNotAsDocumented_IsFound(string what, string with, string fault) =>
        Assert.StartsWith(fault, Fault(Answer(404, Good.Replace(what, with, StringComparison.Ordinal))), StringComparison.Ordinal);

    [Fact]
    public void Fault_AWrongHead_IsFound()
    {
        Assert.StartsWith("The error's media type", Fault(Answer(404, Good, "application/json")), StringComparison.Ordinal);
        Assert.Equal("There is no X-Request-Id.", Fault(RawAnswer.Read("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray())));
        Assert.Equal("The server says what it is.", Fault(Answer(404, Good, more: "Server: Kestrel\r\n")));
        Assert.StartsWith("A header of the request came back", Fault(Answer(404, Good, more: "X-Injected: yes\r\n")), StringComparison.Ordinal);
        Assert.StartsWith("The answer holds another's", Fault(Answer(404, Good, more: "Location: /canary.mp4\r\n")), StringComparison.Ordinal);
        Assert.Equal("There is no answer.", Fault(null));
    }

    [Fact]
    public void Fault_WhatIsNoHttp_MayBeRefusedByTheServerOrNotAnswered()
    {
        var request = Request();
        request.IsBroken = true;

        Assert.Null(Check.Fault(request, null));
        Assert.Null(Check.Fault(request, RawAnswer.Read("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"u8.ToArray())));
        Assert.NotNull(Check.Fault(request, RawAnswer.Read("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"u8.ToArray())));
        Assert.NotNull(Check.Fault(request, Answer(500, Good)));
    }

    [Fact]
    public void Fault_WhatTheRequestHeld_IsAnEchoAndNoLeak()
    {
        var request = Request();
        request.Query.Add("a=canary.mp4");

        Assert.Null(Check.Fault(request, Answer(200, """{"echo":"canary.mp4"}""", "application/json")));
    }

    [Fact]
    public void Read_ChunksAndAContinue_AreUndone()
    {
        var answer = RawAnswer.Read(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n0\r\n\r\n"u8.ToArray());

        Assert.Equal((200, "abcd"), (answer!.Status, answer.Text));
    }

    [Fact]
    public void ToString_ARequest_HoldsAllOfItButTheToken()
    {
        var request = new FuzzRequest(7, new ApiOperation("POST", "/v1/jobs", [], null, null, IsPiece: false, "account"), new FuzzActor("guest", "secret-token", [], [], []));
        request.Headers.Add(("Authorization", "Bearer secret-token"));
        request.Headers.Add(("X-Odd", "a\rb\nc\xff"));
        request.Members = [("\"a\"", "1")];
        request.Mutations.Add("an odd number");

        var text = $"{request}";

        Assert.Contains("request 7, as guest, to POST /v1/jobs, with: an odd number", text, StringComparison.Ordinal);
        Assert.Contains("Authorization: Bearer <token of guest>", text, StringComparison.Ordinal);
        Assert.Contains(@"X-Odd: a\x0db\x0ac\xff", text, StringComparison.Ordinal);
        Assert.Contains(Convert.ToBase64String("""{"a":1}"""u8), text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", text, StringComparison.Ordinal);
    }

    private static string? Fault(RawAnswer? answer) => Check.Fault(Request(), answer);

    private static FuzzRequest Request() => new(1, new ApiOperation("GET", "/v1/videos", [], null, null, IsPiece: false, "account"), new FuzzActor("nobody", null, [], [], []));

    private static string Problem(Error error, string more) =>
        $$"""{"type":"urn:ax2caption:error:{{error.Code}}","title":"{{error.Title}}","status":{{error.Status}},"detail":"No.","code":"{{error.Code}}","requestId":"r"{{more}}}""";

    private static RawAnswer? Answer(int status, string body, string type = "application/problem+json", string more = "") =>
        RawAnswer.Read(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nX-Request-Id: r\r\nContent-Type: {type}\r\n{more}\r\n{body}"));
}
