using AX2Caption.Api.Requests;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Marks the headers that handlers insist on; to the framework they are optional, since it has no code for their absence.</summary>
internal sealed class RequiredHeaders : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        foreach (var parameter in (operation.Parameters ?? []).OfType<OpenApiParameter>().Where(parameter => parameter.Name == IdempotencyKey.Header))
        {
            parameter.Required = true;
            if (parameter.Schema is OpenApiSchema schema)
                (schema.MinLength, schema.MaxLength, schema.Pattern) = (1, IdempotencyKey.MaximumLength, "^[ -~]+$");
            parameter.Description = "Your name for this request: 1 to 200 printable ASCII characters. Send the same when you repeat it.";
        }

        return Task.CompletedTask;
    }
}
