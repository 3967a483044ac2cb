using System.Text.Json;
using System.Text.Json.Serialization;

namespace AX2Caption.Api.Limits;

/// <summary>JSON bodies must be what they are documented to be: a misspelt or doubled member is an error, not ignored.</summary>
internal static class StrictJson
{
    public static void AddStrictJson(this IServiceCollection services) => services.ConfigureHttpJsonOptions(json =>
    {
        var options = json.SerializerOptions;
        options.MaxDepth = 16;
        options.AllowDuplicateProperties = false;
        options.PropertyNameCaseInsensitive = false;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.RespectNullableAnnotations = true;
        options.RespectRequiredConstructorParameters = true;
        options.ReadCommentHandling = JsonCommentHandling.Disallow;
    });
}
