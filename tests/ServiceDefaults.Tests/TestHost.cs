using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AX2Caption.ServiceDefaults.Tests;

/// <summary>A host with the defaults, on a free port of the loopback address.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _logs;

    private TestHost(WebApplication app, string logs)
    {
        _app = app;
        _logs = logs;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<TestHost> Start(
        CancellationToken cancellationToken,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? endpoints = null,
        params (string Key, string? Value)[] settings)
    {
        var logs = Path.Join(Path.GetTempPath(), $"ax2-logs-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(logs);
        try
        {
            var app = Build(logs, services, endpoints, settings);
            await app.StartAsync(cancellationToken);
            return new TestHost(app, logs);
        }
        catch
        {
            Directory.Delete(logs, recursive: true);
            throw;
        }
    }

    /// <summary>Stops the host and gives the lines it logged.</summary>
    public async Task<IReadOnlyList<JsonElement>> StopAndReadLog()
    {
        await _app.DisposeAsync();
        return [.. LogFiles().SelectMany(File.ReadLines).Select(line => JsonElement.Parse(line))];
    }

    public IReadOnlyList<string> LogFiles() => [.. Directory.EnumerateFiles(_logs)];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_logs, recursive: true);
    }

    private static WebApplication Build(
        string logs,
        Action<IServiceCollection>? services,
        Action<WebApplication>? endpoints,
        (string Key, string? Value)[] settings)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Configuration.AddInMemoryCollection([new("Logging:Directory", logs), new("Logging:ConsoleLevel", "None")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, setting.Value)));
        builder.AddServiceDefaults("sample");
        services?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseRequestId();
        app.UseRouting();
        app.MapHealth();
        endpoints?.Invoke(app);
        return app;
    }
}
