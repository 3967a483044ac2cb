using System.Reflection;
using AX2Caption.Api.Validation;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Writes the rules that stand at members and parameters into their schemas.</summary>
internal sealed class RuleSchemas : IOpenApiSchemaTransformer
{
    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var rule in BodyCheck.RulesOf(DeclarationOf(context)))
            rule.Describe(schema.Items as OpenApiSchema ?? schema);
        return Task.CompletedTask;
    }

    private static ICustomAttributeProvider? DeclarationOf(OpenApiSchemaTransformerContext context) =>
        context.JsonPropertyInfo is { } member
            ? member.AssociatedParameter?.AttributeProvider
            : (context.ParameterDescription?.ParameterDescriptor as IParameterInfoParameterDescriptor)?.ParameterInfo;
}
