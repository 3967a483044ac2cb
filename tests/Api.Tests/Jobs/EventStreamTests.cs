using System.Net;
using System.Net.Sockets;
using System.Text;
using AX2Caption.Api.Jobs;
using AX2Caption.Api.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class EventStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Send_Events_WritesThemAsTheStandardHasIt()
    {
        await using var app = await Start(new StreamOptions { ReconnectAfter = TimeSpan.FromSeconds(3) }, async stream =>
        {
            await stream.Send("progress", "17", "{\"a\":1}"u8);
            await stream.Beat();
            await stream.Send("progress", null, "{}"u8);
        });
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };

        using var response = await client.GetAsync("/events", Cancellation);

        Assert.Equal("text/event-stream", $"{response.Content.Headers.ContentType}");
        Assert.Equal(
            "retry: 3000\n\nid: 17\nevent: progress\ndata: {\"a\":1}\n\n:\n\nevent: progress\ndata: {}\n\n",
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Send_ToOneWhoDoesNotRead_CutsTheConnectionAndKeepsNothingForIt()
    {
        var ended = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var sent = 0L;
        await using var app = await Start(new StreamOptions { WriteTimeout = TimeSpan.FromSeconds(1) }, async stream =>
        {
            var large = Encoding.ASCII.GetBytes($"\"{new string('x', 100_000)}\"");
            try
            {
                while (true)
                {
                    await stream.Send("progress", null, large);
                    sent += large.Length;
                }
            }
            catch (OperationCanceledException cut)
            {
                ended.SetResult(cut);
                throw;
            }
        });
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(app.Urls.Single()).Port, Cancellation);
        await socket.SendAsync("GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), Cancellation);

        Assert.IsAssignableFrom<OperationCanceledException>(await ended.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation));

        // What the kernel takes for a socket and the server for a connection, and no more.
        Assert.InRange(sent, 1, 32 << 20);
    }

    private static Task<WebApplication> Start(StreamOptions options, Func<EventStream, Task> write) => SmallHost.Start(
        _ => { },
        app => app.MapGet("/events", async (HttpContext context) =>
        {
            var stream = new EventStream(context, options, TimeProvider.System);
            await stream.Begin();
            await write(stream);
        }));
}
