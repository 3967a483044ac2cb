using System.Diagnostics;
using AX2Caption.Api.Tests.Fixtures;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Sessions;

/// <summary>
/// Many passwords at once, and whether the time of an answer tells that somebody has an address. Known and unknown addresses are asked for in turn, so that whatever else the
/// machine does falls on both alike, and the two samples are compared by the rank-sum test of Mann and Whitney.
/// </summary>
public sealed class TimeOfSigningIn(ServiceFixture fixture) : IAsyncLifetime
{
    private const int Samples = 40;

    /// <summary>Equal samples pass this by chance less than once in 100,000 runs.</summary>
    private const double Conspicuous = 4.5;

    private CaptionService service = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => service = await CaptionService.Start(await fixture.CreateDatabase(), new CaptionServiceSettings
    {
        Silo = new Dictionary<string, string>
        {
            // Enough work to stand out, were it left out: about ten milliseconds.
            ["Passwords__WorkFactor"] = "8",
            ["Passwords__MaximumConcurrent"] = "1",
            ["Passwords__MaximumWaiting"] = "2",
            ["SignIn__FreeFailures"] = "100",
        },
    });

    public ValueTask DisposeAsync() => service.DisposeAsync();

    [Fact]
    public async Task Does_not_tell_whether_somebody_has_the_address()
    {
        using var member = await service.CreateMember(cancellationToken: Cancellation);
        using var thief = service.CreateClient();
        var unknown = $"nobody-{Guid.CreateVersion7():N}@example.org";

        Assert.InRange(Math.Abs(await Compare(
            () => Try(thief, member.Email, "not the password"), () => Try(thief, unknown, "not the password"))), 0, Conspicuous);
    }

    [Fact]
    public async Task Would_be_found_to_tell_if_it_did()
    {
        using var thief = service.CreateClient();
        var unknown = $"nobody-{Guid.CreateVersion7():N}@example.org";

        // An address that is none is refused before any hashing: the shortest cut that there could be.
        Assert.True(Math.Abs(await Compare(
            () => Try(thief, unknown, "not the password"), () => Try(thief, "no address", "not the password"))) > Conspicuous);
    }

    [Fact]
    public async Task Of_too_many_at_once_is_not_taken_from_others()
    {
        using var member = await service.CreateMember(cancellationToken: Cancellation);
        using var thief = service.CreateClient();
        var flood = Task.WhenAll(Enumerable.Range(0, 60).Select(i =>
            thief.Send(CaptionClient.PostRequest("/v1/auth/sign-in", new { email = $"nobody-{i}@example.org", password = "not the password" }), Cancellation)));

        var served = 0;
        do
        {
            await member.Client.Me(Cancellation);
            served++;
        }
        while (!flood.IsCompleted);

        var answers = (await flood).Select(answer => (int)answer.StatusCode).ToList();
        Assert.Equal(60, answers.Count(status => status is 401 or 503));
        Assert.NotEqual(0, answers.Count(status => status == 503));
        Assert.NotEqual(0, answers.Count(status => status == 401));
        Assert.NotEqual(0, served);
        Assert.All((await flood).Where(answer => (int)answer.StatusCode == 503), answer => Assert.NotNull(answer.Headers.RetryAfter));
    }

    private static async Task<long> Try(CaptionClient client, string email, string password)
    {
        var started = Stopwatch.GetTimestamp();
        using var response = await client.Send(CaptionClient.PostRequest("/v1/auth/sign-in", new { email, password }), Cancellation);
        await response.Content.ReadAsStringAsync(Cancellation);
        return Stopwatch.GetTimestamp() - started;
    }

    /// <summary>By how many standard deviations the sum of the first one's ranks is off what chance would give.</summary>
    private static async Task<double> Compare(Func<Task<long>> one, Func<Task<long>> other)
    {
        var (ones, others) = (new List<long>(), new List<long>());
        for (var i = 0; i < Samples + 5; i++)
        {
            // Each goes first as often as the other.
            var (first, second) = i % 2 == 0 ? (one, other) : (other, one);
            var (a, b) = (await first(), await second());
            if (i < 5)
                continue; // While everything is still being compiled.
            ones.Add(i % 2 == 0 ? a : b);
            others.Add(i % 2 == 0 ? b : a);
        }

        double wins = ones.Sum(mine => others.Count(theirs => mine > theirs) + (0.5 * others.Count(theirs => mine == theirs)));
        double count = Samples;
        return (wins - (count * count / 2)) / Math.Sqrt(count * count * ((2 * count) + 1) / 12);
    }
}
