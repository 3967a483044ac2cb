using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace AX2Caption.ServiceDefaults.Tests;

public sealed class HealthTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ready_EveryCheckPasses_NamesEachWithASentence()
    {
        await using var host = await StartWith(() => HealthCheckResult.Healthy("The database answers."));

        var (status, body) = await Get(host, "/health/ready");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("healthy", body.GetProperty("status").GetString());
        Assert.Equal(("healthy", "The database answers."), Check(body, "database"));
        Assert.Equal(("healthy", "The process takes requests."), Check(body, "accepting"));
    }

    [Fact]
    public async Task Ready_ACheckFails_Is503AndSaysWhich()
    {
        await using var host = await StartWith(() => HealthCheckResult.Unhealthy("The database does not answer."));

        var (status, body) = await Get(host, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("unhealthy", "The database does not answer."), Check(body, "database"));
        Assert.Equal("healthy", Check(body, "accepting").Status);
    }

    [Fact]
    public async Task Ready_ACheckThrows_TellsNothingOfTheException()
    {
        await using var host = await StartWith(() => throw new InvalidOperationException("password of db.internal"));

        var (status, body) = await Get(host, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("unhealthy", "The check failed; the log says why."), Check(body, "database"));
    }

    [Fact]
    public async Task Ready_AsSoonAsTheProcessStops_Is503()
    {
        await using var host = await StartWith(() => HealthCheckResult.Healthy());

        host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();
        var (status, body) = await Get(host, "/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
        Assert.Equal(("unhealthy", "The process is stopping."), Check(body, "accepting"));
    }

    [Fact]
    public async Task Live_AsksNoDependency()
    {
        await using var host = await StartWith(() => throw new InvalidOperationException("Must not be asked."));

        var (status, body) = await Get(host, "/health/live");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Empty(body.GetProperty("checks").EnumerateArray());
    }

    [Fact]
    public async Task Checks_WithoutATimeout_GetOne()
    {
        await using var host = await StartWith(() => HealthCheckResult.Healthy());

        var registrations = host.Services.GetRequiredService<IOptions<HealthCheckServiceOptions>>().Value.Registrations;

        Assert.All(registrations, registration => Assert.Equal(TimeSpan.FromSeconds(5), registration.Timeout));
    }

    private static Task<TestHost> StartWith(Func<HealthCheckResult> database) => TestHost.Start(
        Cancellation,
        services => services.AddHealthChecks().AddCheck("database", database, [HealthEndpoints.ReadyTag]));

    private static async Task<(HttpStatusCode Status, JsonElement Body)> Get(TestHost host, string path)
    {
        using var response = await host.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return (response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    private static (string? Status, string? Description) Check(JsonElement body, string name)
    {
        var check = body.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("name").GetString() == name);
        return (check.GetProperty("status").GetString(), check.GetProperty("description").GetString());
    }
}
