using System.Text;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>One way to make a request worse.</summary>
/// <param name="Name">For people.</param>
/// <param name="Fits">Whether there is something to be changed.</param>
/// <param name="Apply">Changes it.</param>
internal sealed record Mutation(string Name, Func<FuzzRequest, bool> Fits, Action<FuzzRequest, Random> Apply)
{
    private static readonly string[] WrongValues =
        ["null", "true", "5", "-1", "1.5", "\"text\"", "\"5\"", "[]", "{}", "[[1]]", "[null]", "{\"a\":{\"b\":[]}}", "\"\"", "\" \"", "undefined", "NaN", "-Infinity", "'x'", ""];

    private static readonly string[] OddNumbers =
    [
        "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "2147483648",
        "0", "-0", "00001", "+1", "1E+2", "1e2", "0.1e1", "1.0", ".5", "5.", "0x10", "1_000", "1,000", new string('9', 5000), "1e999999999999",
        "0.00000000000000000000000000000000000000001",
    ];

    /// <summary>As they are written in JSON, between the quotes.</summary>
    private static readonly string[] OddTexts =
    [
        @"\u0000", @"a\u0000b", @"\u0001\u001f\u007f", @"\r\nX-Injected: yes", @"\ud83d", @"\ude4f\ud83d", @"a\udc00", @"\u202ereversed\u202c", @"\u200b\u200d\ufeff",
        @"\u0085\u2028\u2029", @"\uffff\ufffe", "\u0301\u0301\u0301", "'; drop table job; --", "\\\" or \\\"1\\\"=\\\"1", "../../../../etc/hosts", @"..\\..\\boot.ini", "{0}{1}%s%n",
        "${jndi:ldap://127.0.0.1/x}", "<script>alert(1)</script>", "{{7*7}}", "file:///etc/hosts", @"C:\\", "%00", "%2e%2e%2f", @"\x", @"\u12", "\t", "\u0001",
        "99999999-9999-9999-9999-999999999999", "{01900000-0000-7000-8000-000000000000}", "01900000000070008000000000000000", "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z",
    ];

    private static readonly string[] OddNames =
        ["extra", "", "__proto__", "constructor", "$type", "$id", "$ref", "a.b", "a[0]", @"\u0000", @"\ud83d", "\u202e", new string('n', 3000), "ID", "Id"];

    private static readonly string[] OddQueryValues =
    [
        "", "%00", "%ff", "%zz", "%", "%c0%ae", "%0d%0aX-Injected:%20yes", "%F0%9F%99%8F", "%E2%80%AE", "-1", "0", "99999999999999999999", "1e3", "1.5", "+1", "%20", "true", "null",
        "[]", "{}", "\xff\xfe", "'%20or%201=1--", "..%2f..%2f", "2026-11-25T00:00:00+09:00", "2026-11-25", new string('A', 34), new string('x', 2000), "AX______________________________________",
    ];

    private static readonly string[] OddPathValues =
    [
        "..", ".", "%2e%2e", "%2F", "%2f%2e%2e%2f", "%5c", "%00", "%0d%0a", "%252e%252e%252f", "%ff", "%", "%zz", "", "%20", "~", "*", ";a=b", "{id}", "{01900000-0000-7000-8000-000000000000}",
        "01900000000070008000000000000000", "01900000-0000-7000-8000-0000000000000", "00000000-0000-0000-0000-000000000000", "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "(01900000-0000-7000-8000-000000000000)", "01900000-0000-7000-8000-00000000000g", "1", "-1", "%F0%9F%99%8F", "\xff", new string('0', 300), new string('a', 3000), "a/b/c", "exe",
    ];

    private static readonly string[] OddMethods =
        ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "FOO", "get", "PROPFIND", "G\u00cbT", "GE T", "", new string('M', 2000)];

    private static readonly string[] OddTypes =
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16", "application/json; charset=utf-7", "application/json; charset=\"\"",
        "application/json; charset=iso-8859-1", "application/json; charset=no-such-charset", "application/json;", "application/json, text/plain", "application/problem+json", "application/*", ";;;", "",
        "application", "\xff", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"", "multipart/form-data; boundary=" + "b",
        "multipart/mixed; boundary=-the-boundary-", "application/json; charset=utf-8; charset=utf-16", "APPLICATION/JSON", "application/json; a=\"" + new string('t', 3000) + "\"",
    ];

    private static readonly (string Name, string Value)[] OddHeaders =
    [
        ("Idempotency-Key", ""), ("Idempotency-Key", "another"), ("Idempotency-Key", new string('k', 201)), ("Idempotency-Key", new string('k', 4000)), ("Idempotency-Key", "\xc3\xa9"), ("Idempotency-Key", "a\tb"),
        ("Authorization", "Bearer"), ("Authorization", "Bearer x.y.z"), ("Authorization", "Basic YTpi"), ("Authorization", "\xff"), ("Authorization", "Bearer " + new string('t', 6000)),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."), ("X-Request-Id", "a b"), ("X-Request-Id", "\xff"), ("X-Request-Id", new string('r', 3000)), ("X-Request-Id", "../../x"),
        ("Accept", "text/html"), ("Accept", "\xff;q=abc"), ("Accept-Encoding", "gzip, br, *;q=0"), ("Accept-Language", "xx-\xff"), ("Range", "bytes=0-"), ("Range", "bytes=9999999999999999999-"),
        ("Range", "bytes=-1,-1,-1,5-2"), ("If-None-Match", "*"), ("If-Modified-Since", "yesterday"), ("If-Range", "\"x\""), ("Content-Encoding", "gzip"), ("Content-Encoding", "x"),
        ("Cookie", "a=b; __Host-x=" + new string('c', 3000)), ("Cookie", "\xff=\xff;;;=;"), ("Origin", "null"), ("Origin", "https://evil.example"), ("Referer", "javascript:1"),
        ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "' or 1=1, ::1, \xff"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "javascript"), ("Forwarded", "for=;;\xff"),
        ("Upgrade", "websocket"), ("Upgrade", "h2c"), ("Max-Forwards", "-1"), ("traceparent", "00-\xff-0"), ("tracestate", "\xff"), ("baggage", "a=\xff"), ("Prefer", "respond-async"), ("Content-Type", "text/plain"),
    ];

    /// <summary>Heads that break the grammar of HTTP: name and value as they stand.</summary>
    private static readonly (string Name, string Value)[] BrokenHeaders =
    [
        ("Idempotency-Key", "a\r\nX-Injected: yes"), ("X-Request-Id", "a\r\nX-Injected: yes"), ("Idempotency-Key", "a\rX-Injected: yes"), ("Idempotency-Key", "a\nX-Injected: yes"), ("X-Nul", "a\0b"), ("X-Control", "\x01"),
        ("No Colon Here", ""), ("Space-Before ", "x"), ("", "x"), (" Folded", "x"), ("X-Fold", "a\r\n b"), ("\xff", "x"), ("Host", "other"), ("Host", "a b"), ("Host", ""), ("Expect", "100-continue"), ("Expect", "nonsense"),
        ("X-Long", new string('x', 17_000)), ("Connection", "upgrade, close, x\xff"), (":authority", "x"),
    ];

    private static readonly (string Name, string Value)[][] OddFramings =
    [
        [("Content-Length", "-1")], [("Content-Length", "abc")], [("Content-Length", "99999999999999999999")], [("Content-Length", "1"), ("Content-Length", "2")], [("Content-Length", "5, 5")], [("Content-Length", "")],
        [("Content-Length", "+5")], [("Content-Length", "0x5")], [("Content-Length", "0")], [("Content-Length", "3")], [("Transfer-Encoding", "chunked")], [("Transfer-Encoding", "chunked, chunked")],
        [("Transfer-Encoding", "identity")], [("Transfer-Encoding", "gzip")], [("Transfer-Encoding", "\xff")], [("Transfer-Encoding", "chunked"), ("Content-Length", "5")], [("Transfer-Encoding", "xchunked")],
        [("Transfer-Encoding", "gzip, chunked")], [("Content-Length", "5"), ("Transfer-Encoding", "CHUNKED")], [],
    ];

    private static readonly string[] BrokenChunks =
    [
        "FFFFFFFFFFFFFFFFF\r\nx", "-1\r\nx", "zz\r\nx\r\n0\r\n\r\n", "5\r\nab\r\n0\r\n\r\n", "2\r\nab", "2;a=\"\xff\"\r\n{}\r\n0\r\n\r\n", "2\n{}\n0\n\n", "0\r\nX-Trailer: \xff\r\n\r\n", "", "7FFFFFFF\r\nx",
        "2\r\n{}\r\n0\r\nX-Injected: yes\r\n\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    ];

    public static readonly IReadOnlyList<Mutation> All =
    [
        new("a value of the wrong type", HasMembers, (request, random) => Change(request, random, _ => Pick(random, WrongValues))),
        new("an odd number", HasMembers, (request, random) => Change(request, random, _ => Pick(random, OddNumbers))),
        new("an odd text", HasMembers, (request, random) => Change(request, random, _ => $"\"{Pick(random, OddTexts)}\"")),
        new("odd text in a value", HasMembers, (request, random) => Change(
            request, random, value => value.EndsWith('"') ? $"{value[..^1]}{Pick(random, OddTexts)}\"" : $"\"{Pick(random, OddTexts)}\"")),
        new("an over-long text", HasMembers, (request, random) => Change(
            request, random, _ => $"\"{string.Concat(Enumerable.Repeat(Pick(random, ["a", "가", "🙏", @"\u00e9"]), Pick(random, [65, 129, 201, 255, 300, 5_000, 10_000])))}\"")),
        new("a member left out", HasMembers, (request, random) => request.Members!.RemoveAt(random.Next(request.Members.Count))),
        new("another member", IsMembers, (request, random) => request.Members!.Insert(
            random.Next(request.Members.Count + 1), ($"\"{Pick(random, OddNames)}\"", Pick(random, WrongValues)))),
        new("a member twice", HasMembers, (request, random) => request.Members!.Add(Pick(random, request.Members))),
        new("a member in capitals", HasMembers, (request, random) =>
        {
            var at = random.Next(request.Members!.Count);
            request.Members[at] = (request.Members[at].Name.ToUpperInvariant(), request.Members[at].Value);
        }),
        new("thousands of members", IsMembers, (request, random) => request.Members!.AddRange(Enumerable.Range(0, 4000).Select(i => ($"\"m{i}\"", "1")))),
        new("deep arrays", HasMembers, (request, random) => Change(request, random, _ => Nested(random, '[', ']'))),
        new("deep objects", HasMembers, (request, random) => Change(request, random, _ => Nested(random, "{\"a\":", "1", "}"))),
        new("a body cut off", HasBody, (request, random) => request.Body = request.Bytes()[..random.Next(request.Body!.Length)]),
        new("garbage after the body", HasBody, (request, random) => request.Body = [.. request.Bytes(), .. Encoding.UTF8.GetBytes(Pick(random, ["x", "{}", "\0", ",", "]", "\u00a0"]))]),
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
            request.Body = [.. body[..at], .. Pick(random, (byte[][])[[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x28]]), .. body[at..]];
        }),
        new("a byte order mark", HasBody, (request, _) => request.Body = [0xEF, 0xBB, 0xBF, .. request.Bytes()]),
        new("UTF-16", HasBody, (request, _) => request.Body = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(request.Bytes()))),
        new("another body", _ => true, (request, random) =>
        {
            request.Bytes();
            request.Body = Pick(random, (byte[][])[[], "null"u8.ToArray(), "[]"u8.ToArray(), "\"x\""u8.ToArray(), "5"u8.ToArray(), " \r\n\t"u8.ToArray(), "{}"u8.ToArray(), "{\"a\":1,}"u8.ToArray(),
                "{/**/}"u8.ToArray(), [0], "a=b&c=d"u8.ToArray(), "<x/>"u8.ToArray(), Encoding.UTF8.GetBytes(Nested(random, '[', ']'))]);
        }),
        new("a body that is too large", request => request.Operation.FileField is null, (request, random) =>
        {
            request.Bytes();
            request.Body = Encoding.UTF8.GetBytes($"{{\"a\":\"{new string('a', Pick(random, [65_536, 70_000, 200_000]))}\"}}");
            // The server may have hung up before all of it is sent.
            request.IsBroken = true;
        }),
        new("another content type", HasBody, (request, random) => request.SetHeader("Content-Type", Pick(random, OddTypes))),
        new("no content type", HasBody, (request, _) => request.Headers.RemoveAll(header => header.Name == "Content-Type")),
        new("two content types", HasBody, (request, random) => request.Headers.Add(("Content-Type", Pick(random, OddTypes)))),
        new("an odd file name", IsUpload, (request, random) => ReplaceInBody(request, "a file.mp4", Pick(random,
            ["../../etc/hosts", @"C:\x.mp4", "", "\0", "\u202egpj.mp4", "\r\nX-Injected: yes", new string('n', 5000), "한국어.mp4", "\ud83d\ude4f", "a\"b", "con", ".", "..", "%00", "'; drop table job; --"]))),
        new("an odd part", IsUpload, (request, random) => ReplaceInBody(request, "name=\"file\"", Pick(random,
            ["name=\"other\"", "name=", "", "name=\"file\"; name=\"file\"", "name*=UTF-8''file", "name=\"file\"; filename*=UTF-8''%ff", new string('p', 20_000), "name=\"file\"\r\nContent-Type: \xff", "\0"]))),
        new("many parts", IsUpload, (request, random) => request.Body =
            [.. Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"--{RequestGenerator.Boundary}\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\ny\r\n", random.Next(10, 200)))), .. request.Bytes()]),
        new("an empty file", IsUpload, (request, _) => request.Body = Encoding.UTF8.GetBytes(
            $"--{RequestGenerator.Boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"empty\"\r\n\r\n\r\n--{RequestGenerator.Boundary}--\r\n")),
        new("an odd query value", HasQuery, (request, random) => request.Query.Add($"{Pick(random, QueryNames(request))}={Pick(random, OddQueryValues)}")),
        new("a query value that is odd and alone", HasQuery, (request, random) =>
        {
            request.Query.Clear();
            request.Query.Add($"{Pick(random, QueryNames(request))}={Pick(random, OddQueryValues)}");
        }),
        new("a query value twice", request => request.Query.Count > 0, (request, random) => request.Query.Add(Pick(random, request.Query))),
        new("an odd query", _ => true, (request, random) => request.Query.Add(Pick(random,
            ["", "=", "&&&", "a", "a=b=c", "limit[]=1", "limit[0]=1", "LIMIT=0", "?", "#fragment", "%00=%00", "\xff", "a=" + new string('q', 3000), string.Join('&', Enumerable.Range(0, 300).Select(i => $"p{i}={i}"))]))),
        new("an odd path value", request => request.PathValues.Count > 0, (request, random) =>
            request.PathValues[Pick(random, [.. request.PathValues.Keys])] = Pick(random, OddPathValues)),
        new("an odd path", _ => true, (request, random) => request.Path = OddPath(request.Target.Split('?')[0], random)),
        new("another method", _ => true, (request, random) =>
        {
            request.Method = Pick(random, OddMethods);
            // What is no method, or one that asks for a tunnel, is no request.
            request.IsBroken |= request.Method is "CONNECT" or "GE T" or "" or "G\u00cbT" || request.Method.Length > 100;
        }),
        new("an odd header", _ => true, (request, random) => request.Headers.Add(Pick(random, OddHeaders))),
        new("a header replaced by an odd one", _ => true, (request, random) =>
        {
            var (name, value) = Pick(random, OddHeaders);
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
            request.Headers.Add(Pick(random, BrokenHeaders));
            request.IsBroken = true;
        }),
        new("odd framing", _ => true, (request, random) =>
        {
            request.Framing = [.. Pick(random, OddFramings)];
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
            request.Body = Encoding.Latin1.GetBytes(Pick(random, BrokenChunks));
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
