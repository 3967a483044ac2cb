using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AX2Caption.ServiceDefaults.Tests;

public sealed class RequestIdTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("a")]
    [InlineData("Trace-1.2_3")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123")]
    public async Task RequestId_Valid_IsKept(string id)
    {
        await using var host = await StartEcho();

        var (seen, answered) = await Ask(host, id);

        Assert.Equal(id, seen);
        Assert.Equal(id, answered);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("<script>")]
    [InlineData("01234567890123456789012345678901234567890123456789012345678901234")]
    public async Task RequestId_MissingOrInvalid_IsReplaced(string? id)
    {
        await using var host = await StartEcho();

        var (seen, answered) = await Ask(host, id);

        Assert.Equal(seen, answered);
        Assert.Matches("^[0-9a-f]{32}$", answered);
    }

    [Fact]
    public async Task RequestId_InTheLog_IsOnEveryLineOfItsRequest()
    {
        await using var host = await StartEcho();

        await Ask(host, "first");
        await Ask(host, "second");

        var ids = (await host.StopAndReadLog())
            .Where(line => line.GetProperty("@mt").GetString() == "Echoing for {JobId}")
            .Select(line => line.GetProperty("RequestId").GetString());
        Assert.Equal(["first", "second"], ids);
    }

    private static Task<TestHost> StartEcho() => TestHost.Start(Cancellation, endpoints: app =>
        app.MapGet("/echo", (HttpContext context, ILogger<RequestIdTests> logger) =>
        {
            logger.LogInformation("Echoing for {JobId}", "job-1");
            return context.Response.WriteAsync(context.TraceIdentifier);
        }));

    private static async Task<(string Seen, string Answered)> Ask(TestHost host, string? id)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/echo");
        if (id is not null)
            request.Headers.TryAddWithoutValidation("X-Request-Id", id);
        using var response = await host.Client.SendAsync(request, Cancellation);
        return (await response.Content.ReadAsStringAsync(Cancellation), response.Headers.GetValues("X-Request-Id").Single());
    }
}
