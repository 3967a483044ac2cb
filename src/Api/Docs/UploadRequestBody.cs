using AX2Caption.Api.Uploads;
using AX2Caption.Api.Videos;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Describes the body of an upload, which its handler reads as a stream and so cannot declare.</summary>
internal sealed class UploadRequestBody : IOpenApiOperationTransformer
{
    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<UploadBodySchema>().FirstOrDefault() is { Field: var field })
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["multipart/form-data"] = new()
                    {
                        Schema = new OpenApiSchema
                        {
                            Type = JsonSchemaType.Object,
                            Required = new HashSet<string> { field },
                            Properties = new Dictionary<string, IOpenApiSchema>
                            {
                                [field] = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" },
                            },
                        },
                    },
                },
            };
        }

        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<TusBody>().FirstOrDefault() is { IsRequired: var isRequired })
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = isRequired,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Tus.PieceType] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            };
        }

        return Task.CompletedTask;
    }
}
