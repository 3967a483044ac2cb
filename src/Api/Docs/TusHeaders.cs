using AX2Caption.Api.Uploads;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Describes the headers of the tus protocol, which handlers read as text since the protocol has its own rules for them.</summary>
internal sealed class TusHeaders : IOpenApiOperationTransformer
{
    private const string WholeNumber = "^[0-9]{1,19}$";
    private const int WholeNumberLength = 19;

    /// <summary>The longest, of SHA-512.</summary>
    private const int ChecksumLength = 95;

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (!context.Description.ActionDescriptor.EndpointMetadata.OfType<SpeaksTusMetadata>().Any())
            return Task.CompletedTask;

        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = Tus.ResumableHeader,
            In = ParameterLocation.Header,
            Required = true,
            Description = "The version of the protocol.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, Enum = [Tus.Version] },
        });
        foreach (var parameter in operation.Parameters.OfType<OpenApiParameter>())
        {
            switch (parameter.Name)
            {
                case Tus.LengthHeader or Tus.OffsetHeader:
                    parameter.Required = true;
                    parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, Pattern = WholeNumber, MaxLength = WholeNumberLength };
                    break;
                case Tus.MetadataHeader:
                    parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = UploadMetadata.MaximumLength };
                    break;
                case Tus.ChecksumHeader:
                    parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = ChecksumLength };
                    break;
            }
        }

        return Task.CompletedTask;
    }
}
