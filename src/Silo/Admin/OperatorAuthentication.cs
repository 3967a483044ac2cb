using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace AX2Caption.Silo.Admin;

/// <summary>HTTP Basic (RFC 7617) with the one user <c>operator</c>, whose password is configuration.</summary>
internal sealed class OperatorAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> schemes, ILoggerFactory loggers, UrlEncoder encoder, IOptions<AdminOptions> admin)
    : AuthenticationHandler<AuthenticationSchemeOptions>(schemes, loggers, encoder)
{
    public const string SchemeName = "Operator";

    private const string User = "operator";

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!AuthenticationHeaderValue.TryParse(Request.Headers.Authorization, out var header) || header.Scheme != "Basic")
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        if (admin.Value.Password is not { Length: > 0 } password || !Matches(header.Parameter, $"{User}:{password}"))
        {
            return Task.FromResult(AuthenticateResult.Fail("Wrong user or password."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, User)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = "Basic realm=\"AX2Caption operators\", charset=\"UTF-8\"";
        return Task.CompletedTask;
    }

    /// <summary>Compares digests, so that the time taken tells nothing of the password or its length.</summary>
    private static bool Matches(string? given, string expected)
    {
        var expectedDigest = SHA256.HashData(Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(expected))));
        var givenDigest = SHA256.HashData(Encoding.UTF8.GetBytes(given ?? ""));
        return CryptographicOperations.FixedTimeEquals(expectedDigest, givenDigest);
    }
}
