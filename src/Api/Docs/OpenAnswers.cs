using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace AX2Caption.Api.Docs;

/// <summary>Only what is sent here may have no other members than those that are listed: answers may gain some.</summary>
internal sealed class OpenAnswers : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        var bodies = new HashSet<string>();
        foreach (var operation in document.Paths.Values.SelectMany(path => path.Operations?.Values ?? Enumerable.Empty<OpenApiOperation>()))
        {
            foreach (var media in operation.RequestBody?.Content?.Values ?? [])
                Collect(media.Schema, bodies);
        }

        foreach (var (name, schema) in document.Components?.Schemas ?? new Dictionary<string, IOpenApiSchema>())
        {
            if (!bodies.Contains(name))
                Open(schema);
        }

        return Task.CompletedTask;
    }

    private static void Open(IOpenApiSchema? schema)
    {
        if (schema is not OpenApiSchema own)
            return;

        own.AdditionalPropertiesAllowed = true;
        Open(own.Items);
        foreach (var part in (own.Properties?.Values ?? []).Concat(own.OneOf ?? []))
            Open(part);
    }

    private static void Collect(IOpenApiSchema? schema, HashSet<string> bodies)
    {
        if (schema is null || (schema is OpenApiSchemaReference { Reference.Id: { } id } && !bodies.Add(id)))
            return;

        Collect(schema.Items, bodies);
        foreach (var part in (schema.Properties?.Values ?? []).Concat(schema.OneOf ?? []))
            Collect(part, bodies);
    }
}
