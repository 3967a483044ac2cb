using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Credits;

/// <summary>A service in which a single operation may wait for an account.</summary>
public sealed class AskingTooMuchAtOnce(ServiceFixture fixture) : IAsyncLifetime
{
    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
    {
        Silo = new Dictionary<string, string>
        {
            ["Credits__GuestGrant"] = "0",
            ["Credits__Ledger__MaximumPendingPerAccount"] = "1",
        },
    });

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Is_refused_with_a_time_to_come_back_and_nothing_is_lost_or_done_twice()
    {
        using var guest = service.CreateClient();
        var account = (await guest.BecomeGuest(Cancellation)).AccountId;
        using var admin = await service.CreateAdmin(Cancellation);
        var kim = admin.Client;
        var refused = new List<string>();
        var asked = 0;

        await Eventually.Holds(async () =>
        {
            var keys = Enumerable.Range(asked, 50).Select(number => $"grant {number}").ToList();
            asked += keys.Count;
            await Task.WhenAll(keys.Select(GrantOne));
            return refused.Count > 0;
        });
        foreach (var key in refused)
            await kim.Apply(account, "grants", new { amount = 1, reason = "A present." }, key, Cancellation);

        Assert.Equal(asked, (await guest.Credits(Cancellation)).Available);
        Assert.Equal(asked, (await guest.Entries("?limit=1", Cancellation)).Items[0].Seq);
        Assert.Empty(await Book.Audit(service, Cancellation));

        async Task GrantOne(string key)
        {
            using var response = await kim.Send(
                CaptionClient.OperationRequest(account, "grants", new { amount = 1, reason = "A present." }, key), Cancellation);
            if (response.IsSuccessStatusCode)
                return;

            await Task.FromResult(response).Is(ErrorTable.TooManyRequests);
            Assert.Equal(TimeSpan.FromSeconds(1), response.Headers.RetryAfter!.Delta);
            lock (refused)
                refused.Add(key);
        }
    }
}
