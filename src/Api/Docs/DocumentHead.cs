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
            Description = "Makes captions for videos. Get a guest account or sign in, upload a video, submit a job, read it until it succeeded, fetch the captions.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[BearerSecurity.Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The accessToken of POST /v1/auth/guest, /v1/auth/sign-in or /v1/auth/refresh. What x-access says decides whose: "
                + "'account' is a guest's or a member's, 'member' a member's, 'admin' that of a member with the admin role.",
        };
        return Task.CompletedTask;
    }
}
