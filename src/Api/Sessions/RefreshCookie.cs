using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Sessions;

/// <summary>
/// The refresh token as a cookie that no script can read. The browser sends it by itself, also when another site asks it to: so what is
/// asked with it counts only from pages of this site, with a header that no form can send and that no foreign page may.
/// </summary>
internal static class RefreshCookie
{
    public const string Name = "__Secure-ax2-refresh";
    public const string CsrfHeader = "X-CSRF";

    private const string Path = "/v1/auth";

    public static void Set(HttpResponse response, string token, DateTimeOffset expiresAt) =>
        response.Cookies.Append(Name, token, Options(expiresAt));

    public static void Delete(HttpResponse response) => response.Cookies.Append(Name, "", Options(DateTimeOffset.UnixEpoch));

    /// <summary>The token of the request's cookie; null without one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="refusal">Why the cookie does not count, if it does not.</param>
    public static string? Read(HttpRequest request, out ErrorResult? refusal)
    {
        refusal = null;
        if (request.Cookies[Name] is not { Length: > 0 } token)
            return null;

        if (request.Headers[CsrfHeader] != "1" || request.Headers["Sec-Fetch-Site"].ToString() is "cross-site")
        {
            refusal = ErrorTable.CsrfRefused.Because($"Send the header '{CsrfHeader}: 1' with what is asked by cookie, from a page of this site.");
            return null;
        }

        return token;
    }

    private static CookieOptions Options(DateTimeOffset expiresAt) => new()
    {
        HttpOnly = true,
        Secure = true,
        SameSite = SameSiteMode.Strict,
        Path = Path,
        Expires = expiresAt,
        IsEssential = true,
    };
}
