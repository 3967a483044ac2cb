using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AX2Caption.Api.Sessions;

/// <summary>
/// Access tokens: JWTs as RFC 9068 has them, whose <c>sub</c> is the account and whose <c>sid</c> the session. What the account
/// may do is in none of them.
/// </summary>
internal sealed class AccessTokens(IOptions<AuthOptions> options, SigningKeys keys, TimeProvider time)
{
    public const string Type = "at+jwt";

    private readonly JsonWebTokenHandler handler = new();

    /// <summary>One algorithm, keys by their id alone, and everything the token claims is checked; keys that it brings along are not looked at.</summary>
    public TokenValidationParameters Validation => new()
    {
        ValidTypes = [Type],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKeyResolver = (_, _, kid, _) => keys.Find(kid) is { } key ? [key] : [],
        TryAllIssuerSigningKeys = false,
        ValidIssuer = options.Value.Issuer,
        ValidAudience = options.Value.Audience,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ClockSkew = options.Value.ClockSkew,
        NameClaimType = JwtRegisteredClaimNames.Sub,
    };

    public (string Token, DateTimeOffset ExpiresAt) Issue(Guid accountId, Guid sessionId)
    {
        var now = time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + options.Value.AccessTokenLifetime).ToUnixTimeSeconds());
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            Subject = new ClaimsIdentity(
            [
                new Claim(JwtRegisteredClaimNames.Sub, accountId.ToString()),
                new Claim(JwtRegisteredClaimNames.Sid, sessionId.ToString()),
                new Claim(JwtRegisteredClaimNames.Jti, Guid.CreateVersion7(now).ToString("N")),
            ]),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            SigningCredentials = new SigningCredentials(keys.Current, SecurityAlgorithms.EcdsaSha256),
        });
        return (token, expiresAt);
    }
}
