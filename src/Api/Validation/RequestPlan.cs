using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace AX2Caption.Api.Validation;

/// <summary>What is to be checked of the requests to one endpoint.</summary>
/// <param name="Parameters">Its query parameters and headers.</param>
/// <param name="Body">The type of its JSON body; null if it has none.</param>
/// <param name="IsBodyOptional">Whether the body may be left out.</param>
internal sealed record RequestPlan(IReadOnlyList<ParameterCheck> Parameters, JsonTypeInfo? Body, bool IsBodyOptional)
{
    public static RequestPlan Of(RouteEndpoint endpoint, JsonSerializerOptions json)
    {
        var parameters = endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Select(parameter => ParameterCheck.Of(parameter, endpoint))
            .OfType<ParameterCheck>();
        var accepts = endpoint.Metadata.GetMetadata<IAcceptsMetadata>();
        var body = accepts is { RequestType: { } type } && accepts.ContentTypes.Contains("application/json")
            ? json.GetTypeInfo(type)
            : null;
        return new RequestPlan([.. parameters], body, accepts?.IsOptional ?? false);
    }
}
