using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>What the document says of the API as a whole.</summary>
internal sealed class DocumentHead : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "AX2Caption",
            Version = "v1",
            Description = "Makes captions for videos. Get a guest account, upload a video, submit a job, read it until it succeeded, fetch the captions.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerSecurity.Scheme] = Bearer("The accessToken of POST /v1/auth/guest.");
        document.Components.SecuritySchemes[BearerSecurity.OperatorScheme] =
            Bearer("A token that 'create-operator-token NAME' made where the service runs; no request gives one.");
        return Task.CompletedTask;
    }

    private static OpenApiSecurityScheme Bearer(string description) => new()
    {
        Type = SecuritySchemeType.Http,
        Scheme = "bearer",
        BearerFormat = "JWT",
        Description = description,
    };
}
