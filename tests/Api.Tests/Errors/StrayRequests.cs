using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Errors;

/// <summary>Errors that the framework makes have a code from the table as well.</summary>
public sealed class StrayRequests(ServiceFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/v1/nothing")]
    [InlineData("/v1/videos/no-id")]
    public async Task To_an_unknown_address_are_told_so(string path)
    {
        using var guest = await fixture.NewGuest();

        await guest.Send(new HttpRequestMessage(HttpMethod.Get, path), Cancellation).Is(ErrorTable.NotFound);
    }

    [Fact]
    public async Task With_another_method_are_told_which_there_are()
    {
        using var guest = await fixture.NewGuest();
        using var response = await guest.Send(new HttpRequestMessage(HttpMethod.Delete, "/v1/credits"), Cancellation);

        await Task.FromResult(response).Is(ErrorTable.MethodNotAllowed);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }
}
