using System.Collections.Immutable;
using System.Text.Json;

namespace AX2Caption.Grains.Credits;

/// <summary>A hold's shares of grants that lapse, as its row keeps them; null for none, which is the rule.</summary>
internal static class StoredShares
{
    public static string? Write(ImmutableArray<GrantShare> shares) =>
        shares.IsEmpty ? null : JsonSerializer.Serialize(shares, JsonSerializerOptions.Web);

    public static ImmutableArray<GrantShare> Read(string? json) =>
        json is null ? [] : JsonSerializer.Deserialize<ImmutableArray<GrantShare>>(json, JsonSerializerOptions.Web);
}
