using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Uploads;

/// <summary>OPTIONS: "Core protocol, OPTIONS".</summary>
public sealed class AskingWhatIsSpoken(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/uploads")]
    [InlineData("/v1/uploads/019dffff-0000-7000-8000-000000000001")]
    public async Task Needs_neither_a_token_nor_a_version(string path)
    {
        using var client = fixture.Service.CreateClient();

        using var response = await client.Send(new HttpRequestMessage(HttpMethod.Options, path), Cancellation);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Equal("1.0.0", response.Header("Tus-Resumable"));
        Assert.Equal("1.0.0", response.Header("Tus-Version"));
        Assert.Equal("creation,creation-with-upload,expiration,termination,checksum", response.Header("Tus-Extension"));
        Assert.Equal($"{ServiceFixture.MaximumBytes}", response.Header("Tus-Max-Size"));
        Assert.Equal("sha1,sha256,sha512,md5", response.Header("Tus-Checksum-Algorithm"));
    }
}
