using System.Text;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>One way to make a request worse.</summary>
/// <param name="Name">For people.</param>
/// <param name="Fits">Whether there is something to be changed.</param>
/// <param name="Apply">Changes it.</param>
internal sealed record Mutation(string Name, Func<FuzzRequest, bool> Fits, Action<FuzzRequest, Random> Apply)
{
    public static readonly IReadOnlyList<Mutation> All =
    [
        new("a value of the wrong type", HasMembers, (request, random) => Change(request, random, _ => Pick(random, OddValues.Json))),
        new("an odd number", HasMembers, (request, random) => Change(request, random, _ => Pick(random, OddValues.Numbers))),
        new("an odd text", HasMembers, (request, random) => Change(request, random, _ => $"\"{Pick(random, OddValues.Texts)}\"")),
        new("odd text in a value", HasMembers, (request, random) => Change(
            request,
            random,
            value => value.EndsWith('"') ? $"{value[..^1]}{Pick(random, OddValues.Texts)}\"" : $"\"{Pick(random, OddValues.Texts)}\"")),
        new("an over-long text", HasMembers, (request, random) => Change(request, random, _ =>
        {
            var (text, times) = (Pick(random, ["a", "가", "🙏", @"\u00e9"]), Pick(random, [65, 129, 201, 255, 300, 5_000, 10_000]));
            return $"\"{string.Concat(Enumerable.Repeat(text, times))}\"";
        })),
        new("a member left out", HasMembers, (request, random) => request.Members!.RemoveAt(random.Next(request.Members.Count))),
        new("another member", IsMembers, (request, random) => request.Members!.Insert(
            random.Next(request.Members.Count + 1), ($"\"{Pick(random, OddValues.Names)}\"", Pick(random, OddValues.Json)))),
        new("a member twice", HasMembers, (request, random) => request.Members!.Add(Pick(random, request.Members))),
        new("a member in capitals", HasMembers, (request, random) =>
        {
            var at = random.Next(request.Members!.Count);
            request.Members[at] = (request.Members[at].Name.ToUpperInvariant(), request.Members[at].Value);
        }),
        new("thousands of members", IsMembers, (request, _) =>
            request.Members!.AddRange(Enumerable.Range(0, 4000).Select(i => ($"\"m{i}\"", "1")))),
        new("deep arrays", HasMembers, (request, random) => Change(request, random, _ => Nested(random, '[', ']'))),
        new("deep objects", HasMembers, (request, random) => Change(request, random, _ => Nested(random, "{\"a\":", "1", "}"))),
        new("a body cut off", HasBody, (request, random) => request.Body = request.Bytes()[..random.Next(request.Body!.Length)]),
        new("garbage after the body", HasBody, (request, random) =>
            request.Body = [.. request.Bytes(), .. Encoding.UTF8.GetBytes(Pick(random, OddValues.Tails))]),
        new("a byte changed", HasBody, (request, random) =>
        {
            var body = request.Bytes();
            for (var i = random.Next(1, 4); i > 0 && body.Length > 0; i--)
                body[random.Next(body.Length)] = (byte)random.Next(256);
        }),
        new("no UTF-8", HasBody, (request, random) =>
        {
            var body = request.Bytes();
            var at = random.Next(body.Length + 1);
            request.Body = [.. body[..at], .. Pick(random, OddValues.BadBytes), .. body[at..]];
        }),
        new("a byte order mark", HasBody, (request, _) => request.Body = [0xEF, 0xBB, 0xBF, .. request.Bytes()]),
        new("UTF-16", HasBody, (request, _) => request.Body = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(request.Bytes()))),
        new("another body", _ => true, (request, random) =>
        {
            request.Bytes();
            request.Body = Encoding.UTF8.GetBytes(random.Next(4) == 0 ? Nested(random, '[', ']') : Pick(random, OddValues.Bodies));
        }),
        new("a body that is too large", request => request.Operation.FileField is null, (request, random) =>
        {
            request.Bytes();
            request.Body = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('a', Pick(random, [65_536, 70_000, 200_000]))}\"}}");
            // The server may have hung up before all of it is sent.
            request.IsBroken = true;
        }),
        new("another content type", HasBody, (request, random) => request.SetHeader("Content-Type", Pick(random, OddValues.ContentTypes))),
        new("no content type", HasBody, (request, _) => request.Headers.RemoveAll(header => header.Name == "Content-Type")),
        new("two content types", HasBody, (request, random) => request.Headers.Add(("Content-Type", Pick(random, OddValues.ContentTypes)))),
        new("an odd file name", IsUpload, (request, random) => ReplaceInBody(request, "a file.mp4", Pick(random, OddValues.FileNames))),
        new("an odd part", IsUpload, (request, random) => ReplaceInBody(request, "name=\"file\"", Pick(random, OddValues.FieldNames))),
        new("many parts", IsUpload, (request, random) => request.Body =
        [
            .. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
                $"--{RequestGenerator.Boundary}\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n", random.Next(10, 200)))),
            .. request.Bytes(),
        ]),
        new("an empty file", IsUpload, (request, _) => request.Body = RequestGenerator.Multipart(request.Operation.FileField!, "empty", [])),
        new("an odd query value", HasQuery, (request, random) =>
            request.Query.Add($"{Pick(random, QueryNames(request))}={Pick(random, OddValues.QueryValues)}")),
        new("a query value that is odd and alone", HasQuery, (request, random) =>
        {
            request.Query.Clear();
            request.Query.Add($"{Pick(random, QueryNames(request))}={Pick(random, OddValues.QueryValues)}");
        }),
        new("a query value twice", request => request.Query.Count > 0, (request, random) => request.Query.Add(Pick(random, request.Query))),
        new("an odd query", _ => true, (request, random) => request.Query.Add(Pick(random, OddValues.QueryPairs))),
        new("an odd path value", request => request.PathValues.Count > 0, (request, random) =>
            request.PathValues[Pick(random, [.. request.PathValues.Keys])] = Pick(random, OddValues.PathValues)),
        new("an odd path", _ => true, (request, random) => request.Path = OddPath(request.Target.Split('?')[0], random)),
        new("another method", _ => true, (request, random) =>
        {
            request.Method = Pick(random, OddValues.Methods);
            // What is no method, or one that asks for a tunnel, is no request.
            request.IsBroken |= request.Method is "CONNECT" or "GE T" or "" or "G\u00cbT" || request.Method.Length > 100;
        }),
        new("an odd header", _ => true, (request, random) => request.Headers.Add(Pick(random, OddValues.Headers))),
        new("a header replaced by an odd one", _ => true, (request, random) =>
        {
            var (name, value) = Pick(random, OddValues.Headers);
            request.SetHeader(name, value);
        }),
        new("a header left out", _ => true, (request, random) =>
        {
            var at = random.Next(request.Headers.Count);
            // Without 'close' the answer would have no end.
            if (request.Headers[at].Name == "Connection")
                return;
            request.IsBroken |= request.Headers[at].Name == "Host";
            request.Headers.RemoveAt(at);
        }),
        new("a header twice", _ => true, (request, random) =>
        {
            var header = Pick(random, request.Headers);
            request.IsBroken |= header.Name == "Host";
            request.Headers.Add(header);
        }),
        new("many headers", _ => true, (request, random) =>
        {
            request.Headers.AddRange(Enumerable.Range(0, Pick(random, [20, 50, 70])).Select(i => ($"X-Header-{i}", "x")));
            request.IsBroken = true;
        }),
        new("a broken header", _ => true, (request, random) =>
        {
            request.Headers.Add(Pick(random, OddValues.BrokenHeaders));
            request.IsBroken = true;
        }),
        new("odd framing", _ => true, (request, random) =>
        {
            request.Framing = [.. Pick(random, OddValues.Framings)];
            (request.IsBroken, request.HangsUp) = (true, true);
        }),
        new("a body shorter than it says", HasBody, (request, random) =>
        {
            request.Framing = [("Content-Length", $"{request.Bytes().Length + random.Next(1, 100)}")];
            (request.IsBroken, request.HangsUp) = (true, true);
        }),
        new("broken chunks", _ => true, (request, random) =>
        {
            request.Bytes();
            request.Body = Encoding.Latin1.GetBytes(Pick(random, OddValues.Chunks));
            request.Framing = [("Transfer-Encoding", "chunked")];
            (request.IsBroken, request.HangsUp) = (true, true);
        }),
        new("an old version", _ => true, (request, _) =>
        {
            request.Version = "HTTP/1.0";
            request.IsBroken = true;
        }),
    ];

    private static bool IsMembers(FuzzRequest request) => request.Members is not null;

    private static bool HasMembers(FuzzRequest request) => request.Members is { Count: > 0 };

    private static bool HasBody(FuzzRequest request) => HasMembers(request) || request.Body is { Length: > 0 };

    private static bool IsUpload(FuzzRequest request) => request.Operation.FileField is not null && request.Body is not null;

    private static bool HasQuery(FuzzRequest request) => QueryNames(request) is not [];

    private static List<string> QueryNames(FuzzRequest request) =>
        [.. request.Operation.Parameters.Where(parameter => parameter.In == "query").Select(parameter => parameter.Name)];

    private static T Pick<T>(Random random, IReadOnlyList<T> of) => of[random.Next(of.Count)];

    private static void Change(FuzzRequest request, Random random, Func<string, string> change)
    {
        var at = random.Next(request.Members!.Count);
        request.Members[at] = (request.Members[at].Name, change(request.Members[at].Value));
    }

    private static string Nested(Random random, char open, char close) => Nested(random, $"{open}", "", $"{close}");

    private static string Nested(Random random, string open, string inner, string close)
    {
        var depth = Pick(random, [15, 16, 17, 64, 65, 1_000, 10_000]);
        return $"{string.Concat(Enumerable.Repeat(open, depth))}{inner}{string.Concat(Enumerable.Repeat(close, depth))}";
    }

    private static void ReplaceInBody(FuzzRequest request, string what, string with) => request.Body =
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(request.Bytes()).Replace(what, with, StringComparison.Ordinal));

    private static string OddPath(string path, Random random) => random.Next(14) switch
    {
        0 => $"{path}/",
        1 => $"/{path}",
        2 => path.ToUpperInvariant(),
        3 => path.Replace("/", "%2F", StringComparison.Ordinal),
        4 => $"{path}/../..{path}",
        5 => $"{path}%00",
        6 => $"{path};jsessionid=1",
        7 => $"{path}/%2e%2e/%2e%2e",
        8 => $"http://evil.example{path}",
        9 => $"{path}.json",
        10 => path.Replace("/v1", "/v1/.", StringComparison.Ordinal),
        11 => path.Replace("/", "//", StringComparison.Ordinal),
        12 => $"{path}{new string('/', 500)}",
        _ => path.Replace('/', '\\').Replace("\\", "/", StringComparison.Ordinal).Insert(1, "%"),
    };

    public override string ToString() => Name;
}
