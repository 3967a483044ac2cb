using System.Net.Mime;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Limits;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.Accounts;

namespace AX2Caption.Api.Accounts.Pages;

/// <summary>
/// The pages that mails lead to: forms without any script. Opening one changes nothing, since programs that read mail open
/// links too; only its button does.
/// </summary>
internal static class AccountPages
{
    public static void MapAccountPages(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/account").For(Access.Open).ExcludeFromDescription();
        pages.MapGet("/style.css", () => TypedResults.Text(Page.Style, MediaTypeNames.Text.Css));
        pages.MapGet("/icon.svg", () => TypedResults.Text(Page.Icon, MediaTypeNames.Image.Svg));
        pages.MapGet("/confirm", (HttpRequest request, string? token) => Page.Confirm(Language(request), token ?? ""));
        pages.MapPost("/confirm", Confirm).RequireRateLimiting(RateLimits.SignIn);
        pages.MapGet("/reset", (HttpRequest request, string? token) => Page.Reset(Language(request), token ?? "", problem: null));
        pages.MapPost("/reset", Reset).RequireRateLimiting(RateLimits.SignIn);
        pages.MapGet("/forgot", (HttpRequest request) => Page.Forgot(Language(request), problem: null));
        pages.MapPost("/forgot", Forgot).RequireRateLimiting(RateLimits.Mail);
    }

    private static async Task<IResult> Confirm(HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var form = await Form(context, cancellationToken);
        var language = Language(context.Request);
        var refused = Secret(form) is { } token ? await desk.ConfirmEmail(token, context.Origin(), cancellationToken) : NotALink;
        return refused is null ? Page.Confirmed(language) : Page.Refused(language, refused);
    }

    private static async Task<IResult> Reset(HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var form = await Form(context, cancellationToken);
        var language = Language(context.Request);
        if (Secret(form) is not { } token)
            return Page.Refused(language, NotALink);

        var password = form["password"].ToString();
        if (!new PasswordAttribute(PasswordAttribute.Minimum).Accepts(password))
            return Page.Reset(language, token, PageText.Of(language).PasswordLength);
        if (password != form["again"].ToString())
            return Page.Reset(language, token, PageText.Of(language).PasswordsDiffer);

        var refused = await desk.ResetPassword(new PasswordByLink(token, password), context.Origin(), cancellationToken);
        if (refused is null)
            return Page.ResetDone(language);
        return refused.Error == ErrorTable.PasswordTooCommon
            ? Page.Reset(language, token, PageText.Of(language).PasswordTooCommon)
            : Page.Refused(language, refused);
    }

    private static async Task<IResult> Forgot(HttpContext context, RegistrationDesk desk, CancellationToken cancellationToken)
    {
        var form = await Form(context, cancellationToken);
        var language = Language(context.Request);
        var email = form["email"].ToString();
        if (EmailAddress.Read(email) is null)
            return Page.Forgot(language, PageText.Of(language).EmailInvalid);

        await desk.RequestPasswordReset(new ForgottenPassword(email, language), context.Origin(), cancellationToken);
        return Page.ForgotDone(language);
    }

    private static ErrorResult NotALink => ErrorTable.LinkNotValid.Because("The form has no link's secret.");

    private static async Task<IFormCollection> Form(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) != true)
            throw new RefusedException(ErrorTable.UnsupportedContentType.Because("Send the page's form."));
        try
        {
            return await context.Request.ReadFormAsync(cancellationToken);
        }
        catch (Exception exception) when (BrokenBody.Caused(exception))
        {
            throw new RefusedException(ErrorTable.InvalidRequest.Because("The form is not one that the page sends."), exception);
        }
    }

    private static string? Secret(IFormCollection form) =>
        form["token"].ToString() is var token && new Validation.Base64UrlTextAttribute(100).Accepts(token) ? token : null;

    /// <summary>Korean for browsers that want it before English.</summary>
    private static string Language(HttpRequest request) =>
        request.GetTypedHeaders().AcceptLanguage.OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.ToString().Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is "ko" or "en") ?? "en";
}
