using System.Net;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class SplittingRoles(PostgresFixture postgres) : Scenario(postgres)
{
    protected override CaptionServiceSettings Settings => new()
    {
        Silo = new Dictionary<string, string> { ["Cluster__Roles__0"] = "core" },
    };

    // The Api would wait for a worker that never comes.
    public override async ValueTask InitializeAsync()
    {
        await Prepare();
        await Service.StartSilo(Ct);
        Service.BeginApi();
        await Service.ApiLive(Ct);
    }

    [Fact]
    public async Task A_core_silo_alone_is_ready_does_no_media_work_and_the_Api_says_what_is_missing()
    {
        var (status, checks) = await ReadinessOnceTheClusterAnswers();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Contains("\"engine\",\"status\":\"unhealthy\"", checks, StringComparison.Ordinal);
        Assert.Equal([0L], await Book.Query<long>(Service, "select count(*) from worker", Ct));
    }

    private async Task<(HttpStatusCode Status, string Checks)> ReadinessOnceTheClusterAnswers()
    {
        using var http = new HttpClient();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await poll.WaitForNextTickAsync(limit.Token))
        {
            var response = await http.GetAsync(new Uri(Service.ApiUrl, "/health/ready"), limit.Token);
            var checks = await response.Content.ReadAsStringAsync(limit.Token);
            if (checks.Contains("\"cluster\",\"status\":\"healthy\"", StringComparison.Ordinal))
                return (response.StatusCode, checks);
        }

        throw new InvalidOperationException("The timer ended.");
    }
}
