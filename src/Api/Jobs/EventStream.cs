using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace AX2Caption.Api.Jobs;

/// <summary>
/// An answer of <c>text/event-stream</c>, as the HTML standard has it. Each event goes out at once, and whoever does not read is
/// cut off: nothing waits here for them.
/// </summary>
internal sealed class EventStream(HttpContext context, StreamOptions options, TimeProvider time)
{
    public const string MediaType = "text/event-stream";

    private static readonly byte[] Heartbeat = ":\n\n"u8.ToArray();

    /// <summary>Tells proxies to let it through as it comes, and the client when to connect again.</summary>
    public Task Begin()
    {
        var headers = context.Response.Headers;
        headers.ContentType = MediaType;
        // Not to be compressed on the way either: what compresses also collects.
        headers.CacheControl = "no-store, no-transform";
        headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return Write(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {(long)options.ReconnectAfter.TotalMilliseconds}\n\n")));
    }

    /// <param name="name">What happened.</param>
    /// <param name="id">From where to go on after it; null for no other place than before.</param>
    /// <param name="json">One line.</param>
    public Task Send(string name, string? id, ReadOnlySpan<byte> json)
    {
        var bytes = new MemoryStream(json.Length + 64);
        bytes.Write(Encoding.ASCII.GetBytes(id is null ? $"event: {name}\ndata: " : $"id: {id}\nevent: {name}\ndata: "));
        bytes.Write(json);
        bytes.Write("\n\n"u8);
        return Write(bytes.GetBuffer().AsMemory(0, (int)bytes.Length));
    }

    /// <summary>A comment, which clients pass over.</summary>
    public Task Beat() => Write(Heartbeat);

    /// <exception cref="OperationCanceledException">The client is gone, or cut off.</exception>
    private async Task Write(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(options.WriteTimeout, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
        try
        {
            await context.Response.Body.WriteAsync(bytes, limit.Token);
            await context.Response.Body.FlushAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            context.Abort();
            throw;
        }
    }
}
