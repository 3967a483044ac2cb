using AX2Caption.Api.Edge;
using Microsoft.AspNetCore.Http;

namespace AX2Caption.Api.Tests.Edge;

public sealed class HttpsOnlyTests
{
    [Theory]
    [InlineData(null, "captions.example", 443, "https://captions.example/v1/jobs?limit=1")]
    [InlineData(null, "captions.example:8080", 443, "https://captions.example/v1/jobs?limit=1")]
    [InlineData(null, "captions.example:8080", 8443, "https://captions.example:8443/v1/jobs?limit=1")]
    [InlineData(null, "[::1]:8080", 8443, "https://[::1]:8443/v1/jobs?limit=1")]
    [InlineData("https://public.example", "evil.example", 8443, "https://public.example/v1/jobs?limit=1")]
    [InlineData("https://public.example", "", 443, "https://public.example/v1/jobs?limit=1")]
    [InlineData(null, "", 443, null)]
    public void Target_IsThePublicUrlOrTheHostThatWasAskedFor(string? publicUrl, string host, int port, string? expected)
    {
        var request = new DefaultHttpContext().Request;
        request.Host = new HostString(host);
        request.Path = "/v1/jobs";
        request.QueryString = new QueryString("?limit=1");

        Assert.Equal(expected, HttpsOnly.Target(publicUrl, request, port));
    }

    [Theory]
    [InlineData("http://127.0.0.1:8080", 443)]
    [InlineData("https://127.0.0.1:8443", 8443)]
    [InlineData("http://*:8080;https://*:8443", 8443)]
    public void PortOf_IsTheHttpsOneThatIsListenedOn(string urls, int expected) => Assert.Equal(expected, HttpsOnly.PortOf(urls));
}
