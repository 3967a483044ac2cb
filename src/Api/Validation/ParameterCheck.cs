using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Extensions.Primitives;

namespace AX2Caption.Api.Validation;

/// <summary>Checks one query parameter or header as its handler declares it. What the path must be is decided by routing.</summary>
internal sealed class ParameterCheck
{
    private readonly string name;
    private readonly bool isHeader;
    private readonly bool isList;
    private readonly bool isRequired;
    private readonly Type type;
    private readonly IReadOnlyList<RuleAttribute> rules;

    private ParameterCheck(IParameterBindingMetadata parameter, IFromHeaderMetadata? header, IFromQueryMetadata? query)
    {
        var declared = parameter.ParameterInfo.ParameterType;
        name = header?.Name ?? query?.Name ?? parameter.Name;
        isHeader = header is not null;
        isList = declared.IsArray;
        isRequired = !parameter.IsOptional;
        type = TypeOf(declared);
        rules = BodyCheck.RulesOf(parameter.ParameterInfo);
    }

    /// <returns>Null if the parameter comes from elsewhere: the path, the body, a form, the services.</returns>
    public static ParameterCheck? Of(IParameterBindingMetadata parameter, RouteEndpoint endpoint)
    {
        var sources = parameter.ParameterInfo.GetCustomAttributes(inherit: true);
        var header = sources.OfType<IFromHeaderMetadata>().FirstOrDefault();
        var query = sources.OfType<IFromQueryMetadata>().FirstOrDefault();
        var isElsewhere = endpoint.RoutePattern.GetParameter(parameter.Name) is not null
            || sources.Any(source => source is IFromRouteMetadata or IFromBodyMetadata or IFromFormMetadata or IFromServiceMetadata);
        return ValueCheck.Knows(TypeOf(parameter.ParameterInfo.ParameterType)) && (header is not null || query is not null || !isElsewhere)
            ? new ParameterCheck(parameter, header, query)
            : null;
    }

    public void Check(HttpRequest request, FieldErrors errors)
    {
        var values = isHeader ? request.Headers[name] : request.Query[name];
        if (values.Count == 0 && isRequired)
            errors.Add(name, "is required.");
        else if (values.Count > 1 && !isList)
            errors.Add(name, "must be given only once.");
        else if (FirstRefusal(values) is { } message)
            errors.Add(name, message);
    }

    private string? FirstRefusal(StringValues values)
    {
        foreach (var value in values)
        {
            // Headers that have rules are checked by those who read them, with codes of their own.
            if (!isHeader && ValueCheck.Refuse(value ?? "", type, rules) is { } message)
                return message;
        }

        return null;
    }

    private static Type TypeOf(Type declared)
    {
        var single = declared.IsArray ? declared.GetElementType()! : declared;
        return Nullable.GetUnderlyingType(single) ?? single;
    }
}
