using System.Globalization;
using System.Text.Json;

namespace AX2Caption.Testing.Service;

/// <summary>An event of a stream.</summary>
/// <param name="Name">What happened.</param>
/// <param name="Id">From where to go on after it; null for no other place than before.</param>
/// <param name="Data">Its data.</param>
public sealed record ServerEvent(string Name, string? Id, string Data)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectRequiredConstructorParameters = true };

    /// <summary>The job that it is about.</summary>
    public ClientJob Job { get; } = JsonSerializer.Deserialize<ClientJob>(Data, Json)!;

    /// <summary>Whether it is about the end of the job.</summary>
    public bool IsEnd => Name is "succeeded" or "failed" or "canceled";
}

/// <summary>Reads a stream of server-sent events as it comes, as the HTML standard has it.</summary>
public sealed class EventReader : IAsyncDisposable
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(2);

    private readonly StreamReader lines;

    private EventReader(HttpResponseMessage response, Stream body)
    {
        Response = response;
        lines = new StreamReader(body);
    }

    /// <summary>The answer.</summary>
    public HttpResponseMessage Response { get; }

    /// <summary>The id to go on after.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>How long to wait before connecting again, if the server has said so.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>Comments so far.</summary>
    public int Heartbeats { get; private set; }

    /// <summary>Opens a stream; the answer must be one.</summary>
    public static async Task<EventReader> Open(
        CaptionClient client, string path, string? lastEventId = null, CancellationToken cancellationToken = default)
    {
        var response = await client.Open(Request(path, lastEventId), cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            using (response)
                throw new InvalidOperationException($"{path} answered {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return new EventReader(response, await response.Content.ReadAsStreamAsync(cancellationToken)) { LastEventId = lastEventId };
    }

    /// <summary>A request for a stream.</summary>
    public static HttpRequestMessage Request(string path, string? lastEventId = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (lastEventId is not null)
            request.Headers.TryAddWithoutValidation("Last-Event-ID", lastEventId);
        return request;
    }

    /// <summary>The next event; null when the stream has ended as it should.</summary>
    public async Task<ServerEvent?> Next(CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Within);
        var (name, data, id) = ("message", new List<string>(), (string?)null);
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            var (field, value) = line.Split(':', 2) switch { [var only] => (only, ""), var parts => (parts[0], parts[1].StartsWith(' ') ? parts[1][1..] : parts[1]) };
            switch (field)
            {
                case "" when line.Length > 0:
                    Heartbeats++;
                    break;
                case "":
                    LastEventId = id ?? LastEventId;
                    if (data.Count > 0)
                        return new ServerEvent(name, id, string.Join('\n', data));
                    (name, id) = ("message", null);
                    break;
                case "event":
                    name = value;
                    break;
                case "id":
                    id = value;
                    break;
                case "data":
                    data.Add(value);
                    break;
                case "retry":
                    Retry = TimeSpan.FromMilliseconds(long.Parse(value, CultureInfo.InvariantCulture));
                    break;
            }
        }

        return null;
    }

    /// <summary>The next event, of which there must be one.</summary>
    public async Task<ServerEvent> Must(CancellationToken cancellationToken = default) =>
        await Next(cancellationToken) ?? throw new InvalidOperationException("The stream has ended.");

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        lines.Dispose();
        Response.Dispose();
        return ValueTask.CompletedTask;
    }
}
