namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>What mutations put where something sensible was. Text of heads is bytes, as in <see cref="FuzzRequest"/>.</summary>
internal static class OddValues
{
    public static readonly string[] Json =
    [
        "null", "true", "5", "-1", "1.5", "\"text\"", "\"5\"", "[]", "{}", "[[1]]", "[null]", "{\"a\":{\"b\":[]}}", "\"\"", "\" \"",
        "undefined", "NaN", "-Infinity", "'x'", "",
    ];

    public static readonly string[] Numbers =
    [
        "1e400", "-1e400", "1e-400", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
        "2147483648",
        "0", "-0", "00001", "+1", "1E+2", "1e2", "0.1e1", "1.0", ".5", "5.", "0x10", "1_000", "1,000", new string('9', 5000),
        "1e999999999999",
        "0.00000000000000000000000000000000000000001",
    ];

    /// <summary>As they are written in JSON, between the quotes.</summary>
    public static readonly string[] Texts =
    [
        @"\u0000", @"a\u0000b", @"\u0001\u001f\u007f", @"\r\nX-Injected: yes", @"\ud83d", @"\ude4f\ud83d", @"a\udc00",
        @"\u202ereversed\u202c", @"\u200b\u200d\ufeff",
        @"\u0085\u2028\u2029", @"\uffff\ufffe", "\u0301\u0301\u0301", "'; drop table job; --", "\\\" or \\\"1\\\"=\\\"1",
        "../../../../etc/hosts", @"..\\..\\boot.ini", "{0}{1}%s%n",
        "${jndi:ldap://127.0.0.1/x}", "<script>alert(1)</script>", "{{7*7}}", "file:///etc/hosts", @"C:\\", "%00", "%2e%2e%2f", @"\x",
        @"\u12", "\t", "\u0001",
        "99999999-9999-9999-9999-999999999999", "{01900000-0000-7000-8000-000000000000}", "01900000000070008000000000000000",
        "0000-00-00T00:00:00Z", "9999-12-31T23:59:60Z",
    ];

    public static readonly string[] Names =
    [
        "extra", "", "__proto__", "constructor", "$type", "$id", "$ref", "a.b", "a[0]", @"\u0000", @"\ud83d", "\u202e",
        new string('n', 3000), "ID", "Id",
    ];

    public static readonly string[] QueryValues =
    [
        "", "%00", "%ff", "%zz", "%", "%c0%ae", "%0d%0aX-Injected:%20yes", "%F0%9F%99%8F", "%E2%80%AE", "-1", "0", "99999999999999999999",
        "1e3", "1.5", "+1", "%20", "true", "null",
        "[]", "{}", "\xff\xfe", "'%20or%201=1--", "..%2f..%2f", "2026-11-25T00:00:00+09:00", "2026-11-25", new string('A', 34),
        new string('x', 2000), "AX______________________________________",
    ];

    public static readonly string[] PathValues =
    [
        "..", ".", "%2e%2e", "%2F", "%2f%2e%2e%2f", "%5c", "%00", "%0d%0a", "%252e%252e%252f", "%ff", "%", "%zz", "", "%20", "~", "*",
        ";a=b", "{id}", "{01900000-0000-7000-8000-000000000000}",
        "01900000000070008000000000000000", "01900000-0000-7000-8000-0000000000000", "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "(01900000-0000-7000-8000-000000000000)", "01900000-0000-7000-8000-00000000000g", "1", "-1", "%F0%9F%99%8F", "\xff",
        new string('0', 300), new string('a', 3000), "a/b/c", "exe",
    ];

    public static readonly string[] Methods =
    [
        "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE", "CONNECT", "FOO", "get", "PROPFIND", "G\u00cbT", "GE T", "",
        new string('M', 2000),
    ];

    public static readonly string[] ContentTypes =
    [
        "text/plain", "application/xml", "application/x-www-form-urlencoded", "application/json; charset=utf-16",
        "application/json; charset=utf-7", "application/json; charset=\"\"",
        "application/json; charset=iso-8859-1", "application/json; charset=no-such-charset", "application/json;",
        "application/json, text/plain", "application/problem+json", "application/*", ";;;", "",
        "application", "\xff", "multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"",
        "multipart/form-data; boundary=" + "b",
        "multipart/mixed; boundary=-the-boundary-", "application/json; charset=utf-8; charset=utf-16", "APPLICATION/JSON",
        "application/json; a=\"" + new string('t', 3000) + "\"",
    ];

    public static readonly (string Name, string Value)[] Headers =
    [
        ("Idempotency-Key", ""), ("Idempotency-Key", "another"), ("Idempotency-Key", new string('k', 201)),
        ("Idempotency-Key", new string('k', 4000)), ("Idempotency-Key", "\xc3\xa9"), ("Idempotency-Key", "a\tb"),
        ("Authorization", "Bearer"), ("Authorization", "Bearer x.y.z"), ("Authorization", "Basic YTpi"), ("Authorization", "\xff"),
        ("Authorization", "Bearer " + new string('t', 6000)),
        ("Authorization", "Bearer eyJhbGciOiJub25lIn0.e30."), ("X-Request-Id", "a b"), ("X-Request-Id", "\xff"),
        ("X-Request-Id", new string('r', 3000)), ("X-Request-Id", "../../x"),
        ("Accept", "text/html"), ("Accept", "\xff;q=abc"), ("Accept-Encoding", "gzip, br, *;q=0"), ("Accept-Language", "xx-\xff"),
        ("Range", "bytes=0-"), ("Range", "bytes=9999999999999999999-"),
        ("Range", "bytes=-1,-1,-1,5-2"), ("If-None-Match", "*"), ("If-Modified-Since", "yesterday"), ("If-Range", "\"x\""),
        ("Content-Encoding", "gzip"), ("Content-Encoding", "x"),
        ("Cookie", "a=b; __Host-x=" + new string('c', 3000)), ("Cookie", "\xff=\xff;;;=;"), ("Origin", "null"),
        ("Origin", "https://evil.example"), ("Referer", "javascript:1"),
        ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "' or 1=1, ::1, \xff"), ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "javascript"), ("Forwarded", "for=;;\xff"),
        ("Upgrade", "websocket"), ("Upgrade", "h2c"), ("Max-Forwards", "-1"), ("traceparent", "00-\xff-0"), ("tracestate", "\xff"),
        ("baggage", "a=\xff"), ("Prefer", "respond-async"), ("Content-Type", "text/plain"),
    ];

    /// <summary>Heads that break the grammar of HTTP: name and value as they stand.</summary>
    public static readonly (string Name, string Value)[] BrokenHeaders =
    [
        ("Idempotency-Key", "a\r\nX-Injected: yes"), ("X-Request-Id", "a\r\nX-Injected: yes"), ("Idempotency-Key", "a\rX-Injected: yes"),
        ("Idempotency-Key", "a\nX-Injected: yes"), ("X-Nul", "a\0b"), ("X-Control", "\x01"),
        ("No Colon Here", ""), ("Space-Before ", "x"), ("", "x"), (" Folded", "x"), ("X-Fold", "a\r\n b"), ("\xff", "x"),
        ("Host", "other"), ("Host", "a b"), ("Host", ""), ("Expect", "100-continue"), ("Expect", "nonsense"),
        ("X-Long", new string('x', 17_000)), ("Connection", "upgrade, close, x\xff"), (":authority", "x"),
    ];

    public static readonly (string Name, string Value)[][] Framings =
    [
        [("Content-Length", "-1")], [("Content-Length", "abc")], [("Content-Length", "99999999999999999999")],
        [("Content-Length", "1"), ("Content-Length", "2")], [("Content-Length", "5, 5")], [("Content-Length", "")],
        [("Content-Length", "+5")], [("Content-Length", "0x5")], [("Content-Length", "0")], [("Content-Length", "3")],
        [("Transfer-Encoding", "chunked")], [("Transfer-Encoding", "chunked, chunked")],
        [("Transfer-Encoding", "identity")], [("Transfer-Encoding", "gzip")], [("Transfer-Encoding", "\xff")],
        [("Transfer-Encoding", "chunked"), ("Content-Length", "5")], [("Transfer-Encoding", "xchunked")],
        [("Transfer-Encoding", "gzip, chunked")], [("Content-Length", "5"), ("Transfer-Encoding", "CHUNKED")], [],
    ];

    public static readonly string[] Chunks =
    [
        "FFFFFFFFFFFFFFFFF\r\nx", "-1\r\nx", "zz\r\nx\r\n0\r\n\r\n", "5\r\nab\r\n0\r\n\r\n", "2\r\nab", "2;a=\"\xff\"\r\n{}\r\n0\r\n\r\n",
        "2\n{}\n0\n\n", "0\r\nX-Trailer: \xff\r\n\r\n", "", "7FFFFFFF\r\nx",
        "2\r\n{}\r\n0\r\nX-Injected: yes\r\n\r\n", "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n",
    ];

    public static readonly string[] Tails = ["x", "{}", "\0", ",", "]", "\u00a0"];

    /// <summary>Bytes that are nowhere in UTF-8.</summary>
    public static readonly byte[][] BadBytes = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xE2, 0x28]];

    public static readonly string[] Bodies =
        ["", "null", "[]", "\"x\"", "5", " \r\n\t", "{}", "{\"a\":1,}", "{/**/}", "\0", "a=b&c=d", "<x/>"];

    public static readonly string[] FileNames =
    [
        "../../etc/hosts", @"C:\x.mp4", "", "\0", "\u202egpj.mp4", "\r\nX-Injected: yes", new string('n', 5000), "한국어.mp4", "🙏", "a\"b", "con",
        ".", "..", "%00", "'; drop table job; --",
    ];

    /// <summary>What stands for the name of the field that holds a file.</summary>
    public static readonly string[] FieldNames =
    [
        "name=\"other\"", "name=", "", "name=\"file\"; name=\"file\"", "name*=UTF-8''file", "name=\"file\"; filename*=UTF-8''%ff",
        new string('p', 20_000), "name=\"file\"\r\nContent-Type: \xff", "\0",
    ];

    public static readonly string[] QueryPairs =
    [
        "", "=", "&&&", "a", "a=b=c", "limit[]=1", "limit[0]=1", "LIMIT=0", "?", "#fragment", "%00=%00", "\xff", "a=" + new string('q', 3000),
        string.Join('&', Enumerable.Range(0, 300).Select(i => $"p{i}={i}")),
    ];
}
