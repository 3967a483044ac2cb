using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Accounts;

/// <summary>A service that admits three guests of a network a day.</summary>
public sealed class TooManyGuests(ServiceFixture fixture) : IAsyncLifetime
{
    private const int Limit = 3;

    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
    {
        Silo = new Dictionary<string, string> { ["Accounts__GuestsPerNetworkAndDay"] = $"{Limit}" },
    });

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Are_told_when_to_come_back_also_by_an_Api_that_has_just_started()
    {
        using var client = service.CreateClient();
        var answers = await Task.WhenAll(Enumerable.Range(0, 2 * Limit).Select(_ => client.Send(Request(), Cancellation)));
        Assert.Equal(Limit, answers.Count(answer => (int)answer.StatusCode == 201));
        await service.StopApi(Cancellation);
        await service.StartApi(Cancellation);

        using var response = await client.Send(Request(), Cancellation);

        var problem = await Task.FromResult(response).Is(ErrorTable.TooManyGuests);
        Assert.Equal(Limit, problem.Members["limit"].GetInt32());
        Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromHours(23), TimeSpan.FromHours(24));

        static HttpRequestMessage Request() => new(HttpMethod.Post, "/v1/auth/guest");
    }
}
