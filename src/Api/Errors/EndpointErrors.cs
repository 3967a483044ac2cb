namespace AX2Caption.Api.Errors;

/// <summary>The errors an endpoint or a group of them answers with, for the OpenAPI document.</summary>
internal sealed record EndpointErrors(IReadOnlyList<Error> Errors);

internal static class EndpointErrorsExtensions
{
    public static TBuilder Refuses<TBuilder>(this TBuilder endpoints, params Error[] errors) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new EndpointErrors(errors));
}
