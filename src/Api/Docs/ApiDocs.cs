using AX2Caption.Api.Edge;
using Scalar.AspNetCore;

namespace AX2Caption.Api.Docs;

/// <summary>The OpenAPI document and the page that lets people try it.</summary>
internal static class ApiDocs
{
    private const string Version = "v1";

    public static void AddApiDocs(this IServiceCollection services) => services.AddOpenApi(Version, openApi =>
    {
        openApi.AddDocumentTransformer<DocumentHead>();
        openApi.AddDocumentTransformer<OpenAnswers>();
        openApi.AddOperationTransformer<BearerSecurity>();
        openApi.AddOperationTransformer<ProblemResponses>();
        openApi.AddOperationTransformer<UploadRequestBody>();
        openApi.AddOperationTransformer<RequiredHeaders>();
        openApi.AddOperationTransformer<TusHeaders>();
        openApi.AddSchemaTransformer<RuleSchemas>();
    });

    public static void MapApiDocs(this IEndpointRouteBuilder routes)
    {
        routes.MapOpenApi("/openapi/{documentName}.json");
        routes.MapScalarApiReference("/docs", page => page
            .WithTitle("AX2Caption")
            .WithOpenApiRoutePattern("/openapi/{documentName}.json")
            // Its scripts run by this nonce, the next line's by its hash: see Edge/ContentPolicies.cs.
            .WithNonce()
            .AddHeadContent($"<script>{ContentPolicies.DocsScript}</script>")
            // Each of these would have the reader's browser call another host.
            .DisableDefaultFonts()
            .DisableTelemetry()
            .DisableAgent()
            .DisableMcp()
            .HideDeveloperTools());
    }
}
