using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Testing.S3;

/// <summary>What goes wrong with a request.</summary>
public enum Fault
{
    /// <summary>The connection is cut when half of the request's body was sent.</summary>
    CutRequest,

    /// <summary>The server does it, and the connection is cut before the answer.</summary>
    LoseAnswer,

    /// <summary>The connection is cut in the middle of the answer's body.</summary>
    CutAnswer,

    /// <summary>The answer's body stalls in the middle, until whoever asked gives up.</summary>
    StallAnswer,

    /// <summary>No answer comes, until whoever asked gives up.</summary>
    NoAnswer,

    /// <summary>The server is busy.</summary>
    Unavailable,

    /// <summary>The server cannot make out what is wanted, as Ceph on a connection on which it refused a request before.</summary>
    Misheard,
}

/// <summary>Stands before a server, and disturbs the requests that it is told to.</summary>
public sealed class FaultProxy : IAsyncDisposable
{
    private const int BufferLength = 64 * 1024;

    private readonly HttpMessageInvoker upstream = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly Lock choosing = new();
    private readonly Uri server;
    private WebApplication? app;
    private Func<HttpRequest, bool> chosen = _ => false;
    private Fault fault;
    private int timesLeft;

    private FaultProxy(Uri server) => this.server = server;

    /// <summary>Where it listens, also while it does not.</summary>
    public Uri Endpoint { get; private set; } = new("http://127.0.0.1:0");

    /// <summary>How many requests it disturbed.</summary>
    public int Disturbed { get; private set; }

    /// <summary>Starts one that disturbs nothing yet.</summary>
    public static async Task<FaultProxy> Start(Uri server, CancellationToken cancellationToken)
    {
        var proxy = new FaultProxy(server);
        await proxy.Listen(cancellationToken);
        return proxy;
    }

    /// <summary>Lets nobody in and ends what is under way, until <see cref="Listen"/>.</summary>
    public async Task Refuse()
    {
        if (app is not { } listening)
            return;
        app = null;
        // At once: a graceful end would wait for whoever is under way.
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        try
        {
            await listening.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // As wanted.
        }

        await listening.DisposeAsync();
    }

    /// <summary>Listens, again where it did before.</summary>
    public async Task Listen(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = typeof(FaultProxy).Assembly.GetName().Name });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, Endpoint.Port);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
        });
        app = builder.Build();
        app.Run(Pass);
        await app.StartAsync(cancellationToken);
        Endpoint = new Uri(app.Urls.Single());
    }

    /// <summary>Disturbs so many of the requests that are chosen, instead of what it was told before.</summary>
    public void Disturb(Fault what, int times, Func<HttpRequest, bool> which)
    {
        lock (choosing)
            (fault, timesLeft, chosen) = (what, times, which);
    }

    public async ValueTask DisposeAsync()
    {
        await Refuse();
        upstream.Dispose();
    }

    private async Task Pass(HttpContext context)
    {
        var happening = Choose(context.Request);
        switch (happening)
        {
            case Fault.CutRequest:
                await Read(context.Request.Body, (context.Request.ContentLength ?? 0) / 2, context.RequestAborted);
                context.Abort();
                return;
            case Fault.Unavailable:
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            case Fault.Misheard:
                context.Response.StatusCode = StatusCodes.Status400BadRequest;
                context.Response.Headers.Connection = "close";
                return;
            case Fault.NoAnswer:
                await UntilAborted(context);
                return;
        }

        using var request = Forwarded(context.Request);
        using var response = await upstream.SendAsync(request, CancellationToken.None);
        if (happening == Fault.LoseAnswer)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection" or "Keep-Alive"))
                context.Response.Headers[name] = values.ToArray();
        }

        await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
        if (happening is Fault.CutAnswer or Fault.StallAnswer)
        {
            await Copy(body, context.Response.Body, (response.Content.Headers.ContentLength ?? 0) / 2, context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            if (happening == Fault.StallAnswer)
                await UntilAborted(context);
            context.Abort();
            return;
        }

        await body.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private Fault? Choose(HttpRequest request)
    {
        lock (choosing)
        {
            if (timesLeft == 0 || !chosen(request))
                return null;
            timesLeft--;
            Disturbed++;
            return fault;
        }
    }

    /// <summary>The request as it came: what is signed must not change.</summary>
    private HttpRequestMessage Forwarded(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var forwarded = new HttpRequestMessage(new HttpMethod(request.Method), new Uri($"{server.GetLeftPart(UriPartial.Authority)}{target}"));
        if (request.ContentLength > 0)
            forwarded.Content = new StreamContent(request.Body);
        else if (request.Method is "PUT" or "POST")
            forwarded.Content = new ByteArrayContent([]);
        foreach (var (name, values) in request.Headers)
        {
            if (name is not ("Connection" or "Expect") && !forwarded.Headers.TryAddWithoutValidation(name, values.ToArray()))
                forwarded.Content?.Headers.TryAddWithoutValidation(name, values.ToArray());
        }

        return forwarded;
    }

    private static Task Read(Stream source, long length, CancellationToken cancellationToken) => Copy(source, Stream.Null, length, cancellationToken);

    private static async Task Copy(Stream source, Stream target, long length, CancellationToken cancellationToken)
    {
        var buffer = new byte[BufferLength];
        while (length > 0)
        {
            var read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, length)), cancellationToken);
            if (read == 0)
                return;
            await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            length -= read;
        }
    }

    private static async Task UntilAborted(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        // The asker's own patience ends it; this is for a test that broke.
        await aborted.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
