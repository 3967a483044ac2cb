using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Testing.Webhooks;

/// <summary>A real HTTP server on loopback that is sent events, notes them, and answers as the test wishes.</summary>
public sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Received> received = new();
    private Func<Received, HttpContext, Task> answer = (_, _) => Task.CompletedTask;

    private Receiver(WebApplication app) => this.app = app;

    /// <summary>Where it listens, to be called by the address.</summary>
    public Uri Url => new($"{app.Urls.Single()}/hooks");

    /// <summary>Its port.</summary>
    public int Port => Url.Port;

    /// <summary>What has come, oldest first.</summary>
    public IReadOnlyList<Received> Received => [.. received];

    /// <param name="certificate">With which it speaks TLS; null for in the clear.</param>
    public static async Task<Receiver> Start(X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
                listen.UseHttps(certificate);
        }));
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(receiver.Receive);
        await app.StartAsync();
        return receiver;
    }

    /// <summary>Answers everything from now on with a status.</summary>
    public void Answer(int status, params (string Name, string Value)[] headers) => Answer((_, context) =>
    {
        context.Response.StatusCode = status;
        foreach (var (name, value) in headers)
            context.Response.Headers[name] = value;
        return Task.CompletedTask;
    });

    /// <summary>Answers everything from now on as the test does.</summary>
    public void Answer(Func<Received, HttpContext, Task> how) => Volatile.Write(ref answer, how);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await app.DisposeAsync();

    private async Task Receive(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var one = new Received(
            context.Request.Method,
            context.Request.Path + context.Request.QueryString,
            context.Request.Headers.ToDictionary(header => header.Key, header => $"{header.Value}", StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(context.RequestAborted));
        received.Enqueue(one);
        await Volatile.Read(ref answer)(one, context);
    }
}

/// <summary>A request that came.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Target">Path and query.</param>
/// <param name="Headers">By name, whatever its case.</param>
/// <param name="Body">As text.</param>
public sealed record Received(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>The id of the event.</summary>
    public Guid EventId => Guid.Parse(Headers["webhook-id"]);
}
