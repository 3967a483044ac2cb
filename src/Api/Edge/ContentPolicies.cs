using System.Security.Cryptography;
using System.Text;
using Scalar.AspNetCore;

namespace AX2Caption.Api.Edge;

/// <summary>The Content-Security-Policy of each part of the service. Whoever adds a page adds its policy here.</summary>
internal static class ContentPolicies
{
    /// <summary>JSON and files load nothing, and nothing may frame them.</summary>
    public const string Api = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>Small pages made by the server, below <c>/account</c>: forms that post back to us, a served stylesheet, no scripts at all.</summary>
    public const string Forms =
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    /// <summary>The prefix of the pages of <see cref="Forms"/>.</summary>
    public static readonly PathString FormPages = "/account";

    /// <summary>
    /// Keeps the page of <see cref="Docs"/> from trying out whether it may make code from text, which it may not and would be
    /// reported for. The only script of the page without a nonce, allowed by its hash.
    /// </summary>
    public const string DocsScript = "globalThis.__zod_globalConfig={jitless:true}";

    private static readonly PathString DocsPage = "/docs";
    private static readonly string DocsScriptHash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(DocsScript)));

    public static string Of(HttpContext context)
    {
        var path = context.Request.Path;
        if (path.StartsWithSegments(DocsPage))
            return Docs(context.Items[ScalarOptions.NonceHttpContextItemKey] as string);
        return path.StartsWithSegments(FormPages) ? Forms : Api;
    }

    /// <summary>
    /// The page that tries requests runs only scripts that bear the answer's nonce. Its styles are made by these scripts, element by
    /// element, which no nonce or hash can name.
    /// </summary>
    public static string Docs(string? nonce) =>
        $"default-src 'none'; script-src {(nonce is null ? "" : $"'nonce-{nonce}' ")}'sha256-{DocsScriptHash}'; style-src 'unsafe-inline'; "
        + "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}
