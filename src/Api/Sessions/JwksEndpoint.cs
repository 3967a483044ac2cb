using AX2Caption.Api.Accounts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AX2Caption.Api.Sessions;

/// <summary>The public halves of the keys, for services that check access tokens by themselves.</summary>
internal static class JwksEndpoint
{
    /// <summary>Seconds for which a copy may be kept: less than a new key is published before it signs.</summary>
    private const int MaximumAge = 300;

    public static void MapJwks(this IEndpointRouteBuilder routes) => routes.MapGroup("/.well-known").WithTags("Sign-in").For(Access.Open)
        .MapGet("/jwks.json", Get)
        .WithSummary("The keys that access tokens are signed with")
        .WithDescription("As RFC 7517 has it. A signature says who issued the token, not whether its session still lives.");

    private static Ok<KeySet> Get(SigningKeys keys, HttpResponse response)
    {
        response.Headers.CacheControl = $"public, max-age={MaximumAge}";
        return TypedResults.Ok(new KeySet([.. keys.All().Select(key => PublicKey.Of(key))]));
    }
}

/// <summary>A JSON Web Key Set.</summary>
/// <param name="Keys">The keys, oldest first.</param>
internal sealed record KeySet(IReadOnlyList<PublicKey> Keys);

/// <summary>The public half of a key, as RFC 7518, section 6.2.1, has it.</summary>
/// <param name="Kty"><c>EC</c>.</param>
/// <param name="Use"><c>sig</c>.</param>
/// <param name="Alg"><c>ES256</c>.</param>
/// <param name="Kid">Its id, which tokens name.</param>
/// <param name="Crv"><c>P-256</c>.</param>
/// <param name="X">The point's x, in base64url.</param>
/// <param name="Y">The point's y, in base64url.</param>
internal sealed record PublicKey(string Kty, string Use, string Alg, string Kid, string Crv, string X, string Y)
{
    public static PublicKey Of(SigningKey key)
    {
        var (x, y) = key.Point();
        return new PublicKey("EC", "sig", "ES256", key.Key.KeyId, "P-256", x, y);
    }
}
