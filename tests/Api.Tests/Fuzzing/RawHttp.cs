using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>Sends bytes and reads what comes back until the server hangs up; no client library would send what is sent here.</summary>
internal static class RawHttp
{
    /// <summary>How long a client waits for more than it will send. A server that hears of the end at once would not answer at all.</summary>
    private static readonly TimeSpan HangsUpAfter = TimeSpan.FromMilliseconds(300);

    /// <returns>Null if the server hung up without a word.</returns>
    public static async Task<RawAnswer?> Send(Uri server, byte[] request, bool hangUp, CancellationToken cancellationToken)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(server.Host, server.Port, cancellationToken);
        var stream = client.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, cancellationToken);
        }
        catch (IOException)
        {
            // The server need not read all of it before it answers.
        }

        try
        {
            var reading = stream.CopyToAsync(answer, cancellationToken);
            if (hangUp && await Task.WhenAny(reading, Task.Delay(HangsUpAfter, cancellationToken)) != reading)
                client.Client.Shutdown(SocketShutdown.Send);
            await reading;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            // It may hang up on what it has not read; its answer, if it gave one, has come before.
        }

        return RawAnswer.Read(answer.ToArray());
    }
}

/// <param name="Status">The status code.</param>
/// <param name="Head">The head, as it came.</param>
/// <param name="Headers">Its lines, the names in lower case.</param>
/// <param name="Body">The body, out of its chunks.</param>
internal sealed record RawAnswer(int Status, string Head, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public string? Header(string name) => Headers.FirstOrDefault(header => header.Name == name).Value;

    /// <returns>Null if there is no answer in it.</returns>
    public static RawAnswer? Read(byte[] bytes)
    {
        while (true)
        {
            var end = bytes.AsSpan().IndexOf("\r\n\r\n"u8);
            if (end < 0)
                return null;
            var head = Encoding.Latin1.GetString(bytes, 0, end);
            var lines = head.Split("\r\n");
            var status = int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture);
            bytes = bytes[(end + 4)..];
            // 'Continue' and its like go before the answer.
            if (status < 200)
                continue;

            var headers = lines.Skip(1).Select(line => line.Split(':', 2)).Select(parts => (parts[0].ToLowerInvariant(), parts[1].Trim())).ToList();
            return new RawAnswer(status, head, headers, headers.Contains(("transfer-encoding", "chunked")) ? Unchunked(bytes) : bytes);
        }
    }

    private static byte[] Unchunked(byte[] bytes)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var end = bytes.AsSpan().IndexOf("\r\n"u8);
            if (end < 0)
                return body.ToArray();
            var length = int.Parse(Encoding.Latin1.GetString(bytes, 0, end), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            if (length == 0 || bytes.Length < end + 2 + length)
                return body.ToArray();
            body.Write(bytes, end + 2, length);
            bytes = bytes[Math.Min(bytes.Length, end + 2 + length + 2)..];
        }
    }
}
