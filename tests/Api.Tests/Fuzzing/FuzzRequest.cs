using System.Globalization;
using System.Text;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>
/// A request, in the parts that mutations change. Text of the head is bytes: each character is one, as ISO 8859-1 has it, so that
/// any byte can be put anywhere.
/// </summary>
internal sealed class FuzzRequest(int number, ApiOperation operation, FuzzActor actor)
{
    public int Number => number;

    public ApiOperation Operation => operation;

    public FuzzActor Actor => actor;

    /// <summary>What was done to it; nothing, if it is as documented.</summary>
    public List<string> Mutations { get; } = [];

    public string Method { get; set; } = operation.Method;

    /// <summary>The path parameters, by name, as they are written.</summary>
    public Dictionary<string, string> PathValues { get; } = [];

    /// <summary>Stands for the path and all that it is made of.</summary>
    public string? Path { get; set; }

    /// <summary>Pairs of the query, as they are written.</summary>
    public List<string> Query { get; } = [];

    public string Version { get; set; } = "HTTP/1.1";

    public List<(string Name, string Value)> Headers { get; } = [];

    /// <summary>The members of a JSON body, as they are written; null without one, or once it was made bytes.</summary>
    public List<(string Name, string Value)>? Members { get; set; }

    /// <summary>The body, unless it is still members.</summary>
    public byte[]? Body { get; set; }

    /// <summary>Stands for the header that says where the body ends, which is otherwise the right Content-Length.</summary>
    public List<(string Name, string Value)>? Framing { get; set; }

    /// <summary>Whether a mutation has broken the grammar of HTTP, or a limit of the server.</summary>
    public bool IsBroken { get; set; }

    /// <summary>
    /// Whether the server may take it for no HTTP at all: then it answers without a body or id, or just hangs up. A target is
    /// ASCII, begins with a slash, has no NUL and, with method and version, less than 4 KiB; a header is UTF-8.
    /// </summary>
    public bool MayBeNoHttp =>
        IsBroken
        || Target is not ['/', ..] || Target.Any(c => c is <= ' ' or > '~') || Target.Length > 4000
        || Target.Split('?')[0].Contains("%00", StringComparison.Ordinal)
        || Headers.Any(header => header.Value.Any(c => c > '~'));

    /// <summary>Whether the client says that there is no more to come, for bodies that end before they are over.</summary>
    public bool HangsUp { get; set; }

    /// <summary>Makes bytes of the members, to be broken as such.</summary>
    public byte[] Bytes()
    {
        if (Members is not null)
            Body = Encoding.UTF8.GetBytes($"{{{string.Join(',', Members.Select(member => $"{member.Name}:{member.Value}"))}}}");
        Members = null;
        return Body ??= [];
    }

    public void SetHeader(string name, string value)
    {
        Headers.RemoveAll(header => header.Name == name);
        Headers.Add((name, value));
    }

    public string Target
    {
        get
        {
            var path = Path ?? PathValues.Aggregate(
                operation.Path, (path, value) => path.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));
            return Query is [] ? path : $"{path}?{string.Join('&', Query)}";
        }
    }

    public byte[] Wire()
    {
        var body = Members is null ? Body : Bytes();
        var head = new StringBuilder($"{Method} {Target} {Version}\r\n");
        var framing = Framing ?? (body is null ? [] : [("Content-Length", body.Length.ToString(CultureInfo.InvariantCulture))]);
        foreach (var (name, value) in Headers.Concat(framing))
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), .. body ?? []];
    }

    /// <summary>All that is needed to send it again; who has which token is up to whoever does.</summary>
    public override string ToString()
    {
        var wire = Wire();
        var end = wire.AsSpan().IndexOf("\r\n\r\n"u8) + 4;
        var head = Encoding.Latin1.GetString(wire.AsSpan(0, end));
        if (actor.Token is { } token)
            head = head.Replace(token, $"<token of {actor}>", StringComparison.Ordinal);
        var lines = head.TrimEnd().Split("\r\n").Select(line => string.Concat(line.Select(c => c is > '~' or < ' ' ? $"\\x{(int)c:x2}" : $"{c}")));
        var changes = Mutations is [] ? "nothing changed" : string.Join(", ", Mutations);
        return $"""
              request {number}, as {actor}, to {operation}, with: {changes}{(HangsUp ? " (half-closed after it)" : "")}
                {string.Join("\n    ", lines)}
                body, base64: {Convert.ToBase64String(wire.AsSpan(end))}
            """;
    }
}
