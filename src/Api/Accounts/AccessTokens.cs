using System.Security.Claims;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using UUIDNext;

namespace AX2Caption.Api.Accounts;

/// <summary>Access tokens: JWTs as RFC 9068 has them, whose <c>sub</c> is the account, or the operator.</summary>
internal sealed class AccessTokens(IOptions<AuthOptions> options, TimeProvider time)
{
    public const string Type = "at+jwt";

    /// <summary>The namespace of operators' ids. They are UUIDv5, accounts UUIDv7: an operator is never taken for an account.</summary>
    private static readonly Guid OperatorIds = Guid.Parse("542e5691-d77c-4500-a363-81369e4828e6");

    private readonly JsonWebTokenHandler handler = new();
    private readonly ECDsaSecurityKey key = SigningKey.Read(options.Value.SigningKeyPath);

    public (string Token, DateTimeOffset ExpiresAt) Issue(Guid accountId) => Issue(accountId, options.Value.AccessTokenLifetime);

    public (string Token, DateTimeOffset ExpiresAt) IssueToOperator(string name, TimeSpan lifetime) => Issue(
        Uuid.NewNameBased(OperatorIds, name),
        lifetime,
        new Claim(JwtRegisteredClaimNames.Name, name),
        new Claim(Operators.RolesClaim, $"[\"{Operators.Role}\"]", JsonClaimValueTypes.JsonArray));

    /// <summary>One algorithm, one key, and everything the token claims is checked.</summary>
    public TokenValidationParameters Validation => new()
    {
        ValidTypes = [Type],
        ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = false,
        ValidIssuer = options.Value.Issuer,
        ValidAudience = options.Value.Audience,
        RequireSignedTokens = true,
        RequireExpirationTime = true,
        ClockSkew = options.Value.ClockSkew,
        NameClaimType = JwtRegisteredClaimNames.Sub,
        RoleClaimType = Operators.RolesClaim,
    };

    private (string Token, DateTimeOffset ExpiresAt) Issue(Guid subject, TimeSpan lifetime, params Claim[] more)
    {
        var now = time.GetUtcNow();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds((now + lifetime).ToUnixTimeSeconds());
        var token = handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = Type,
            Issuer = options.Value.Issuer,
            Audience = options.Value.Audience,
            Subject = new ClaimsIdentity(
            [
                new Claim(JwtRegisteredClaimNames.Sub, subject.ToString()),
                new Claim(JwtRegisteredClaimNames.Jti, Guid.CreateVersion7(now).ToString("N")),
                .. more,
            ]),
            IssuedAt = now.UtcDateTime,
            NotBefore = now.UtcDateTime,
            Expires = expiresAt.UtcDateTime,
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.EcdsaSha256),
        });
        return (token, expiresAt);
    }
}
