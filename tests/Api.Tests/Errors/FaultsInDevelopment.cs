using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.ServiceDefaults;
using Microsoft.AspNetCore.Builder;

namespace AX2Caption.Api.Tests.Errors;

/// <summary>The framework shows exceptions to everybody in the environment Development, unless it is kept from it.</summary>
public sealed class FaultsInDevelopment
{
    private const string Secret = "the password is hunter2";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/html")]
    public async Task Tell_no_more_than_elsewhere(string accept)
    {
        await using var app = await SmallHost.Start(_ => { }, app =>
        {
            app.UseRequestId();
            app.UseErrors();
            app.UseRouting();
            app.MapGet("/fault", string () => throw new InvalidOperationException(Secret));
        }, "Development");
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), DefaultRequestHeaders = { { "Accept", accept } } };

        using var response = await client.GetAsync("/fault", Cancellation);

        var body = await response.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain(Secret, body, StringComparison.Ordinal);
        Assert.DoesNotContain(nameof(InvalidOperationException), body, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", body, StringComparison.Ordinal);
        await Task.FromResult(response).Is(ErrorTable.InternalError);
    }
}
