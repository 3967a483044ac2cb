using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AX2Caption.Testing.Audit;

namespace AX2Caption.Scenarios;

public sealed class OperatingTheSilo(PostgresFixture postgres) : Scenario(postgres)
{
    [Fact]
    public async Task The_dashboard_opens_with_the_operators_password_only()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard(null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard("operator:wrong-password"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Dashboard($"admin:{Service.AdminPassword}"));
        Assert.Equal(HttpStatusCode.OK, await Dashboard($"operator:{Service.AdminPassword}"));
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

    private async Task<HttpStatusCode> Dashboard(string? credentials)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Service.AdminUrl, "/dashboard/"));
        if (credentials is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var response = await http.SendAsync(request, Ct);
        return response.StatusCode;
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
