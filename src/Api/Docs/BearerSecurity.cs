using AX2Caption.Api.Accounts;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Marks the operations that need a token, and those that need an operator's.</summary>
internal sealed class BearerSecurity : IOpenApiOperationTransformer
{
    public const string Scheme = "bearer";
    public const string OperatorScheme = "operator";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var needed = context.Description.ActionDescriptor.EndpointMetadata.OfType<IAuthorizeData>().ToList();
        if (needed.Count > 0)
        {
            var scheme = needed.Any(authorize => authorize.Policy == Operators.Policy) ? OperatorScheme : Scheme;
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(scheme, context.Document)] = [] }];
        }

        return Task.CompletedTask;
    }
}
