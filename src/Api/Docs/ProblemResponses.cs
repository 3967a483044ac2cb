using AX2Caption.Api.Errors;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Lists the errors of each operation, by status, with their codes.</summary>
internal sealed class ProblemResponses : IOpenApiOperationTransformer
{
    private static readonly Error[] OfTokens = [ErrorTable.TokenMissing, ErrorTable.TokenInvalid, ErrorTable.TokenExpired, ErrorTable.SessionEnded];
    private static readonly Error[] OfAll = [ErrorTable.TooManyRequests, ErrorTable.InternalError, ErrorTable.ServiceUnavailable, ErrorTable.RequestTimeout];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(typeof(Problem), null, cancellationToken);
        context.Document!.AddComponent(nameof(Problem), schema);
        operation.Responses ??= new OpenApiResponses();
        foreach (var errors in ErrorsOf(context.Description.ActionDescriptor.EndpointMetadata).Distinct().GroupBy(error => error.Status).OrderBy(group => group.Key))
        {
            operation.Responses[$"{errors.Key}"] = new OpenApiResponse
            {
                Description = string.Join(" ", errors.Select(error => $"`{error.Code}`: {error.Title}")),
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    [Problem.ContentType] = new() { Schema = new OpenApiSchemaReference(nameof(Problem), context.Document) },
                },
            };
        }
    }

    private static IEnumerable<Error> ErrorsOf(IList<object> metadata) =>
    [
        .. metadata.OfType<EndpointErrors>().SelectMany(errors => errors.Errors),
        .. metadata.OfType<IAuthorizeData>().Any() ? OfTokens : [],
        .. OfAll,
    ];
}
