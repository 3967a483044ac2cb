using System.Text.Json;

namespace AX2Caption.Api.Credits;

/// <summary>What values of an enum are called on the wire: snake_case.</summary>
internal static class WireName<T> where T : struct, Enum
{
    private static readonly Dictionary<string, T> Values = Enum.GetValues<T>().ToDictionary(Of, StringComparer.Ordinal);

    public static IEnumerable<string> All => Values.Keys;

    public static string Of(T value) => JsonNamingPolicy.SnakeCaseLower.ConvertName($"{value}");

    public static bool TryRead(string name, out T value) => Values.TryGetValue(name, out value);
}
