using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Testing.Audit;
using AX2Caption.Testing.Service;

namespace AX2Caption.Scenarios;

public sealed class OperatingTheSilo(PostgresFixture postgres) : Scenario(postgres)
{
    protected override CaptionServiceSettings Settings => base.Settings with
    {
        Silo = new Dictionary<string, string>(base.Settings.Silo) { ["Audit__Interval"] = "00:00:00.500" },
    };

    [Fact]
    public async Task The_dashboard_opens_with_the_operators_password_only()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard("operator:wrong-password"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard($"admin:{Service.AdminPassword}"));
        Assert.Equal(HttpStatusCode.OK, await Dashboard($"operator:{Service.AdminPassword}"));
    }

    [Fact]
    public async Task Metrics_are_the_operators_and_tell_of_commits_and_of_violations_as_they_are_found()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask("/metrics", null)).Status);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        limit.CancelAfter(TimeSpan.FromMinutes(1));
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var metrics = "";
        do
        {
            // An account is audited once after each write; this one may have been before its row was broken.
            using var client = Service.CreateClient();
            var guest = await client.BecomeGuest(limit.Token);
            await Book.Query<int>(
                Service, $"update credit_account set available = available + 1 where account_id = '{guest.AccountId}' returning 1", limit.Token);
            await poll.WaitForNextTickAsync(limit.Token);
            metrics = (await Ask("/metrics", $"operator:{Service.AdminPassword}")).Body;
        }
        while (!metrics.Contains("rule=\"ledger_ends_at_balance\"", StringComparison.Ordinal));

        Assert.Contains("ax2_credits_commit_entries", metrics, StringComparison.Ordinal);
        Assert.Contains("ax2_audit_violations", metrics, StringComparison.Ordinal);
        var log = string.Concat(Directory.EnumerateFiles(Path.Combine(Service.Folder, "logs"), "silo*").Select(ReadShared));
        Assert.Contains("ledger_ends_at_balance", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_command_finds_a_broken_book_and_says_so()
    {
        var client = Service.CreateClient();
        var guest = await client.BecomeGuest(Ct);
        var (inOrder, _) = await Audit();
        await Book.Query<int>(
            Service, $"update credit_account set available = available + 1 where account_id = '{guest.AccountId}' returning 1", Ct);

        var (broken, output) = await Audit();

        Assert.Equal((0, 2), (inOrder, broken));
        Assert.Contains($"ledger_ends_at_balance: {guest.AccountId}", output, StringComparison.Ordinal);
    }

    private async Task<HttpStatusCode> Dashboard(string? credentials) => (await Ask("/dashboard/", credentials)).Status;

    private async Task<(HttpStatusCode Status, string Body)> Ask(string path, string? credentials)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Service.AdminUrl, path));
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var response = await http.SendAsync(request, Ct);
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Ct));
    }

    /// <summary>A log that its writer still has open.</summary>
    private static string ReadShared(string path)
    {
        using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }

    private async Task<(int ExitCode, string Output)> Audit()
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "AX2Caption.Silo.dll"), "audit"])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["ConnectionStrings__Silo"] = Service.Database.SiloConnectionString,
                ["Storage__Root"] = Service.ObjectFolder,
            },
        })!;
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        return (process.ExitCode, output);
    }
}
