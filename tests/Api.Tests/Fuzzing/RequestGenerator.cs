using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AX2Caption.Api.Tests.Fuzzing;

/// <summary>Makes requests as the document describes them.</summary>
internal sealed class RequestGenerator(ApiDocument document, Random random)
{
    private static readonly Guid Nowhere = Guid.Parse("01900000-0000-7000-8000-000000000000");

    /// <summary>Texts of many kinds. Those are used that keep the rules of the schema.</summary>
    private static readonly string[] Texts =
    [
        "en", "a", "A reason.", "Für den Ausfall, 죄송합니다 🙏", "person@example.com", "correct horse battery staple", "2999-12-31T23:59:59Z",
        "2020-01-01T00:00:00Z", "0", "7-end", "readable", "https://example.com/", "two words", "AAAAAAAAAAAA", "0123456789abcdef0123456789abcdef",
        "+821012345678", "192.0.2.1", new string('a', 32), new string('a', 43), new string('b', 64), new string('k', 128), new string('l', 200),
    ];

    public FuzzRequest Valid(int number, ApiOperation operation, FuzzActor actor)
    {
        var request = new FuzzRequest(number, operation, actor);
        request.Headers.Add(("Host", "127.0.0.1"));
        request.Headers.Add(("Connection", "close"));
        if (actor.Token is not null)
            request.Headers.Add(("Authorization", $"Bearer {actor.Token}"));
        foreach (var parameter in operation.Parameters.Where(parameter => parameter.IsRequired || random.Next(3) == 0))
        {
            var value = Text(parameter.Name, parameter.Schema, operation, actor);
            switch (parameter.In)
            {
                case "path":
                    request.PathValues[parameter.Name] = value;
                    break;
                case "query":
                    request.Query.Add($"{parameter.Name}={Uri.EscapeDataString(value)}");
                    break;
                case "header":
                    request.Headers.Add((parameter.Name, Latin(value)));
                    break;
                case "cookie":
                    request.Headers.Add(("Cookie", $"{parameter.Name}={Uri.EscapeDataString(value)}"));
                    break;
            }
        }

        if (operation.Body is { } schema)
        {
            request.Headers.Add(("Content-Type", "application/json"));
            request.Members = [.. Members(schema, operation, actor)];
        }
        else if (operation.FileField is { } field)
        {
            request.Headers.Add(("Content-Type", $"multipart/form-data; boundary={Boundary}"));
            request.Body = Multipart(field, "a file.mp4", Bytes(random.Next(1, 300)));
        }
        else if (operation.IsPiece)
        {
            request.Headers.Add(("Content-Type", ApiDocument.PieceType));
            request.Body = Bytes(random.Next(1, 300));
        }

        return request;
    }

    public const string Boundary = "-the-boundary-";

    public static byte[] Multipart(string field, string fileName, byte[] content) =>
    [
        .. Encoding.UTF8.GetBytes($"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{fileName}\"\r\n\r\n"),
        .. content, .. Encoding.UTF8.GetBytes($"\r\n--{Boundary}--\r\n"),
    ];

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }

    public T Pick<T>(IReadOnlyList<T> of) => of[random.Next(of.Count)];

    /// <summary>Text as bytes in UTF-8, each of them a character.</summary>
    public static string Latin(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private IEnumerable<(string Name, string Value)> Members(JsonElement schema, ApiOperation operation, FuzzActor actor)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()!).ToHashSet() : [];
        foreach (var member in schema.GetProperty("properties").EnumerateObject())
        {
            if (required.Contains(member.Name) || random.Next(2) == 0)
                yield return (JsonSerializer.Serialize(member.Name), Json(member.Name, member.Value, operation, actor));
        }
    }

    private string Json(string name, JsonElement declared, ApiOperation operation, FuzzActor actor)
    {
        var schema = document.Resolve(declared);
        if (TypesOf(schema).Contains("null") && random.Next(10) == 0)
            return "null";
        if (TypesOf(schema).Contains("object"))
            return $"{{{string.Join(',', Members(schema, operation, actor).Select(member => $"{member.Name}:{member.Value}"))}}}";
        if (TypesOf(schema).Contains("array"))
        {
            var items = Enumerable.Range(0, random.Next(3)).Select(_ => Json(name, schema.GetProperty("items"), operation, actor));
            return $"[{string.Join(',', items)}]";
        }

        var text = Text(name, schema, operation, actor);
        return TypesOf(schema).Contains("string") ? JsonSerializer.Serialize(text) : text;
    }

    /// <summary>A value of the schema, as text.</summary>
    private string Text(string name, JsonElement declared, ApiOperation operation, FuzzActor actor)
    {
        var schema = document.Resolve(declared);
        var types = TypesOf(schema);
        if (schema.TryGetProperty("enum", out var names))
            return Pick([.. names.EnumerateArray().Where(one => one.ValueKind != JsonValueKind.Null)]).ToString();
        if (types.Contains("array"))
            return Text(name, schema.GetProperty("items"), operation, actor);
        if (types.Contains("integer") || types.Contains("number"))
            return Number(schema).ToString(CultureInfo.InvariantCulture);
        if (types.Contains("boolean"))
            return Pick(["true", "false"]);
        if (schema.TryGetProperty("format", out var format) && format.GetString() == "uuid")
            return Id(name, operation, actor);
        // The one language that there is, so that most requests go further.
        if (name == "language" && random.Next(4) > 0)
            return "en";
        return Pick([.. Texts.Where(text => Fits(text, schema))]);
    }

    private string Id(string name, ApiOperation operation, FuzzActor actor)
    {
        IReadOnlyList<string> ids = IsOf("video") ? actor.Videos
            : IsOf("job") ? actor.Jobs
            : IsOf("account") ? actor.Accounts
            : [.. actor.Videos, .. actor.Jobs, .. actor.Accounts];
        return ids is [] || random.Next(10) == 0 ? $"{Nowhere}" : Pick(ids);

        bool IsOf(string kind) =>
            name.StartsWith(kind, StringComparison.Ordinal) || (name == "id" && operation.Path.Contains($"/{kind}s", StringComparison.Ordinal));
    }

    private long Number(JsonElement schema)
    {
        var least = schema.TryGetProperty("minimum", out var minimum) ? minimum.GetInt64() : 0;
        var most = schema.TryGetProperty("maximum", out var maximum) ? maximum.GetInt64() : long.MaxValue;
        return random.Next(4) switch
        {
            0 => least,
            1 => most,
            _ => Math.Clamp(random.Next(1, 30), least, most),
        };
    }

    private static bool Fits(string text, JsonElement schema)
    {
        if (schema.TryGetProperty("format", out var format))
        {
            if (format.GetString() == "date-time" && !text.EndsWith('Z'))
                return false;
            if (format.GetString() == "email" && !text.Contains('@', StringComparison.Ordinal))
                return false;
        }

        return (!schema.TryGetProperty("minLength", out var minimum) || text.Length >= minimum.GetInt32())
            && (!schema.TryGetProperty("maxLength", out var maximum) || text.Length <= maximum.GetInt32())
            && (!schema.TryGetProperty("pattern", out var pattern) || Regex.IsMatch(text, pattern.GetString()!));
    }

    private static HashSet<string> TypesOf(JsonElement schema) => !schema.TryGetProperty("type", out var type) ? []
        : type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(one => one.GetString()!)] : [type.GetString()!];
}
