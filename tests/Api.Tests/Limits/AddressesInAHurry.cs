using System.Net;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Limits;

/// <summary>Addresses that ask for more than an Api lets them, with or without a token.</summary>
[Collection(GuardedApiTests.Name)]
public sealed class AddressesInAHurry(GuardedApi api)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/v1/credits", "nonsense", 401)]
    [InlineData("/openapi/v1.json", null, 200)]
    public async Task Are_refused_before_anything_is_looked_at(string path, string? token, int status)
    {
        using var client = api.NewClient(api.Https);
        if (token is not null)
            client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < GuardedApi.RequestsPerAddress; i++)
        {
            using var answer = await client.GetAsync(path, Cancellation);
            answers.Add(answer.StatusCode);
        }

        // Some come back while they are used up.
        using var refused = await Exhaust(client, path);

        Assert.All(answers, answer => Assert.Equal(status, (int)answer));
        await Task.FromResult(refused).Is(ErrorTable.TooManyRequests);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2));
        using var health = await client.GetAsync("/health/live", Cancellation);
        Assert.Equal(200, (int)health.StatusCode);
        using var other = api.NewClient(api.Https);
        using var unaffected = await other.GetAsync("/openapi/v1.json", Cancellation);
        Assert.Equal(200, (int)unaffected.StatusCode);
    }

    private static async Task<HttpResponseMessage> Exhaust(HttpClient client, string path)
    {
        for (var i = 0; i < 10 * GuardedApi.RequestsPerAddress; i++)
        {
            var response = await client.GetAsync(path, Cancellation);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return response;
            response.Dispose();
        }

        throw new InvalidOperationException("There was no limit.");
    }
}
