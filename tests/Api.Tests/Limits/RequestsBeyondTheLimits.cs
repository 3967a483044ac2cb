using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Tests.Fixtures;

namespace AX2Caption.Api.Tests.Limits;

/// <summary>Requests as no client library would send them, byte by byte.</summary>
[Collection(LimitedApiTests.Name)]
public sealed class RequestsBeyondTheLimits(LimitedApi api)
{
    private const string Path = "/v1/credits/quote";

    /// <summary>What a hung server would run into, rather than the test's own end.</summary>
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_body_may_have_its_last_byte_and_no_more()
    {
        using var guest = await api.NewGuest();
        var largest = new string(' ', LimitedApi.MaximumBodyBytes - 2) + "{}";

        await guest.Send(Json(largest), Cancellation).Is(ErrorTable.InvalidRequest);
        await guest.Send(Json(" " + largest), Cancellation).Is(ErrorTable.BodyTooLarge);
    }

    [Fact]
    public async Task A_body_without_a_length_is_counted_as_it_comes()
    {
        using var guest = await api.NewGuest();
        var request = Json(new string(' ', LimitedApi.MaximumBodyBytes) + "{}");
        request.Headers.TransferEncodingChunked = true;

        await guest.Send(request, Cancellation).Is(ErrorTable.BodyTooLarge);
    }

    [Theory]
    [InlineData(Path, false, 413)]
    [InlineData(Path, true, 413)]
    [InlineData("/nowhere", false, 404)]
    public async Task What_is_still_sent_after_a_refusal_is_read_and_the_connection_stays(string path, bool chunked, int status)
    {
        const int Rest = 2 << 20;
        using var guest = await api.NewGuest();
        using var connection = await Connect();
        var begun = new string(' ', LimitedApi.MaximumBodyBytes + 1);
        var length = begun.Length + Rest;
        await connection.Send(
            $"POST {path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {guest.Session!.AccessToken}\r\nContent-Type: application/json\r\n"
            + (chunked ? $"Transfer-Encoding: chunked\r\n\r\n{length:x}\r\n" : $"Content-Length: {length}\r\n\r\n") + begun);
        var refusal = await connection.ReadSome();

        await connection.Send(new string(' ', Rest) + (chunked ? "\r\n0\r\n\r\n" : ""));
        await connection.Send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", refusal, StringComparison.Ordinal);
        Assert.Contains("HTTP/1.1 200 ", await connection.ReadToEnd(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LimitedApi.MaximumHeaders, 200)]
    [InlineData(LimitedApi.MaximumHeaders + 1, 431)]
    public async Task Headers_are_counted(int count, int status)
    {
        // The Host is one of them.
        var headers = string.Concat(Enumerable.Range(1, count - 1).Select(number => $"X-{number}: a\r\n"));

        Assert.Equal(status, await StatusOf($"GET /health/live HTTP/1.1\r\nHost: a\r\n{headers}\r\n"));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 431)]
    public async Task Headers_are_measured(int over, int status)
    {
        // All that stands between the first line and the empty one, as the server counts it.
        var padding = LimitedApi.MaximumHeaderBytes - "Host: a\r\nX-1: \r\n".Length + over;

        Assert.Equal(status, await StatusOf($"GET /health/live HTTP/1.1\r\nHost: a\r\nX-1: {new string('a', padding)}\r\n\r\n"));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 414)]
    public async Task The_first_line_is_measured(int over, int status)
    {
        var padding = LimitedApi.MaximumRequestLineBytes - "GET /health/live? HTTP/1.1\r\n".Length + over;

        Assert.Equal(status, await StatusOf($"GET /health/live?{new string('a', padding)} HTTP/1.1\r\nHost: a\r\n\r\n"));
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_given_up_with_408()
    {
        using var guest = await api.NewGuest();
        using var connection = await Connect();
        await connection.Send(
            $"POST {Path} HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {guest.Session!.AccessToken}\r\nContent-Type: application/json\r\nContent-Length: 600\r\n\r\n{{");

        var answer = await connection.ReadToEnd();

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
        using var problem = JsonDocument.Parse(answer[answer.IndexOf('{', StringComparison.Ordinal)..(answer.LastIndexOf('}') + 1)]);
        Assert.Equal(ErrorTable.RequestTooSlow.Code, problem.RootElement.GetProperty("code").GetString());
    }

    [Fact]
    public async Task Headers_that_come_too_slowly_are_given_up()
    {
        using var connection = await Connect();
        await connection.Send("GET /health/live HTTP/1.1\r\nHost:");

        var answer = await connection.ReadToEnd();

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), answer);
    }

    [Fact]
    public async Task A_connection_that_stays_silent_after_an_answer_is_closed()
    {
        using var connection = await Connect();
        await connection.Send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 ", await connection.ReadToEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_too_many_is_closed_unheard_until_another_ends()
    {
        var connections = new List<RawConnection>();
        try
        {
            var answered = 0;
            // Other tests' clients may still hold some.
            for (var i = 0; i <= LimitedApi.MaximumConnections; i++)
            {
                connections.Add(await Connect());
                answered += await Answers(connections[^1]) ? 1 : 0;
            }

            Assert.InRange(answered, 1, LimitedApi.MaximumConnections);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }

        await Eventually.Holds(async () =>
        {
            using var connection = await Connect();
            return await Answers(connection);
        });

        // A request that has begun keeps its connection until its headers' time is over, whatever the others take.
        static async Task<bool> Answers(RawConnection connection)
        {
            await connection.Send("GET /health/live HTTP/1.1\r\nHost: a\r\n\r\nGET");
            return (await connection.ReadSome()).Length > 0;
        }
    }

    private static HttpRequestMessage Json(string body) =>
        new(HttpMethod.Post, Path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    private async Task<int> StatusOf(string request)
    {
        using var connection = await Connect();
        await connection.Send(request);
        var answer = await connection.ReadSome();
        Assert.StartsWith("HTTP/1.1 ", answer, StringComparison.Ordinal);
        return int.Parse(answer.AsSpan("HTTP/1.1 ".Length, 3), CultureInfo.InvariantCulture);
    }

    private async Task<RawConnection> Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, api.Service.ApiUrl.Port, Cancellation);
        return new RawConnection(socket);
    }

    private sealed class RawConnection(Socket socket) : IDisposable
    {
        private readonly byte[] buffer = new byte[64 * 1024];

        public async Task Send(string text)
        {
            try
            {
                await socket.SendAsync(Encoding.ASCII.GetBytes(text), Cancellation);
            }
            catch (SocketException)
            {
                // The server has closed it already, which reading will show.
            }
        }

        /// <summary>What arrives first; empty if the server closed instead.</summary>
        public async Task<string> ReadSome()
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            limit.CancelAfter(Within);
            try
            {
                return Encoding.UTF8.GetString(buffer, 0, await socket.ReceiveAsync(buffer, limit.Token));
            }
            catch (SocketException)
            {
                return "";
            }
        }

        /// <summary>All that arrives until the server closes.</summary>
        public async Task<string> ReadToEnd()
        {
            var all = new StringBuilder();
            while (await ReadSome() is { Length: > 0 } some)
                all.Append(some);
            return all.ToString();
        }

        public void Dispose() => socket.Dispose();
    }
}
