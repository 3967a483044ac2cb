using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace AX2Caption.Api.Validation;

/// <summary>
/// Compares a JSON body with the record it is declared as, and says all that differs. The serializer would stop at the first.
/// </summary>
internal static class BodyCheck
{
    public static void Check(JsonElement body, JsonTypeInfo type, FieldErrors errors) => CheckObject(body, type, "", errors);

    private static void CheckObject(JsonElement element, JsonTypeInfo type, string path, FieldErrors errors)
    {
        var known = type.Properties.Where(IsRead).ToDictionary(property => property.Name, StringComparer.Ordinal);
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (errors.IsFull)
                return;
            var name = NameOf(member);
            var field = Below(path, name);
            if (!given.Add(name))
                errors.Add(field, "must be given only once.");
            else if (!known.TryGetValue(name, out var property))
                errors.Add(field, "is not a member of this request.");
            else
                CheckValue(member.Value, property.PropertyType, IsNullable(property), RulesOf(property), type.Options, field, errors);
        }

        foreach (var missing in known.Values.Where(property => IsRequired(property) && !given.Contains(property.Name)))
            errors.Add(Below(path, missing.Name), "is required.");
    }

    private static void CheckValue(
        JsonElement value,
        Type type,
        bool nullable,
        IReadOnlyList<RuleAttribute> rules,
        JsonSerializerOptions json,
        string field,
        FieldErrors errors)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            if (!nullable)
                errors.Add(field, "must not be null.");
            return;
        }

        var declared = json.GetTypeInfo(Nullable.GetUnderlyingType(type) ?? type);
        switch (declared.Kind)
        {
            case JsonTypeInfoKind.Object when value.ValueKind == JsonValueKind.Object:
                CheckObject(value, declared, field, errors);
                break;
            case JsonTypeInfoKind.Object:
                errors.Add(field, "must be an object.");
                break;
            case JsonTypeInfoKind.Enumerable when value.ValueKind == JsonValueKind.Array:
                foreach (var (index, item) in value.EnumerateArray().Index())
                {
                    if (errors.IsFull)
                        return;
                    CheckValue(item, declared.ElementType!, nullable: false, rules, json, $"{field}[{index}]", errors);
                }

                break;
            case JsonTypeInfoKind.Enumerable:
                errors.Add(field, "must be an array.");
                break;
            default:
                if (ValueCheck.Refuse(value, declared.Type, rules) is { } message)
                    errors.Add(field, message);
                break;
        }
    }

    private static bool IsRead(JsonPropertyInfo property) => property.AssociatedParameter is not null || property.Set is not null;

    private static bool IsRequired(JsonPropertyInfo property) =>
        property.IsRequired || property.AssociatedParameter is { HasDefaultValue: false, IsMemberInitializer: false };

    private static bool IsNullable(JsonPropertyInfo property) => property.PropertyType.IsValueType
        ? Nullable.GetUnderlyingType(property.PropertyType) is not null
        : property.AssociatedParameter?.IsNullable ?? property.IsSetNullable;

    private static List<RuleAttribute> RulesOf(JsonPropertyInfo property) => RulesOf(property.AssociatedParameter?.AttributeProvider);

    /// <summary>The rules that stand at a parameter.</summary>
    public static List<RuleAttribute> RulesOf(ICustomAttributeProvider? declaration) =>
        [.. declaration?.GetCustomAttributes(typeof(RuleAttribute), inherit: true).Cast<RuleAttribute>() ?? []];

    private static string NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            // Escapes that make no whole character have no other spelling than their own.
            return Encoding.UTF8.GetString(JsonMarshal.GetRawUtf8PropertyName(member));
        }
    }

    private static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}
