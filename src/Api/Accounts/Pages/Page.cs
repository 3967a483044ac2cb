using System.Net.Mime;
using System.Text;
using System.Text.Encodings.Web;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Accounts.Pages;

/// <summary>An HTML page: a heading, a sentence, perhaps a form. Whatever it shows is encoded.</summary>
internal static class Page
{
    /// <summary>The only style there is, served by itself: the policy of these pages allows none inside them.</summary>
    public const string Style =
        "body{font:16px/1.6 system-ui,sans-serif;max-width:26rem;margin:12vh auto;padding:0 1rem;color:#1c2330}"
        + "h1{font-size:1.4rem}label{display:block;margin:1rem 0}input{display:block;width:100%;box-sizing:border-box;font:inherit;padding:.5rem}"
        + "button{font:inherit;padding:.6rem 1.2rem;border:0;border-radius:.4rem;background:#1f4fd8;color:#fff;cursor:pointer}"
        + ".problem{color:#a3122a}";

    /// <summary>A line of captions, so that browsers need not ask for an icon that is not there.</summary>
    public const string Icon =
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 16 16\"><rect width=\"16\" height=\"16\" rx=\"3\" fill=\"#1f4fd8\"/>"
        + "<path d=\"M3 10h10M5 13h6\" stroke=\"#fff\" stroke-width=\"1.6\"/></svg>";

    public static IResult Confirm(string language, string token)
    {
        var text = PageText.Of(language);
        return Html(language, text.ConfirmTitle, text.ConfirmText, Form("confirm", Hidden(token), text.ConfirmButton));
    }

    public static IResult Confirmed(string language) => Html(language, PageText.Of(language).ConfirmedTitle, PageText.Of(language).ConfirmedText);

    public static IResult Reset(string language, string token, string? problem)
    {
        var text = PageText.Of(language);
        var fields = Hidden(token)
            + Field(text.NewPassword, "password", "password", "new-password")
            + Field(text.NewPasswordAgain, "again", "password", "new-password");
        return Html(language, text.ResetTitle, text.ResetText, Form("reset", fields, text.ResetButton), problem);
    }

    public static IResult ResetDone(string language) => Html(language, PageText.Of(language).ResetDoneTitle, PageText.Of(language).ResetDoneText);

    public static IResult Forgot(string language, string? problem)
    {
        var text = PageText.Of(language);
        return Html(language, text.ForgotTitle, text.ForgotText, Form("forgot", Field(text.Email, "email", "email", "email"), text.ForgotButton), problem);
    }

    public static IResult ForgotDone(string language) => Html(language, PageText.Of(language).ForgotDoneTitle, PageText.Of(language).ForgotDoneText);

    public static IResult Refused(string language, ErrorResult refusal)
    {
        var text = PageText.Of(language);
        return refusal.Error == ErrorTable.LinkNotValid
            ? Html(language, text.LinkTitle, text.LinkText, status: refusal.Error.Status)
            : Html(language, text.BusyTitle, text.BusyText, status: refusal.Error.Status);
    }

    private static IResult Html(string language, string title, string sentence, string form = "", string? problem = null, int? status = null)
    {
        var complaint = problem is null ? "" : $"<p class=\"problem\" role=\"alert\">{Encode(problem)}</p>";
        var page = $"""
            <!doctype html>
            <html lang="{language}">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>{Encode(title)} · AX2Caption</title>
            <link rel="icon" href="icon.svg">
            <link rel="stylesheet" href="style.css">
            </head>
            <body>
            <main>
            <h1>{Encode(title)}</h1>
            <p>{Encode(sentence)}</p>
            {complaint}{form}
            </main>
            </body>
            </html>

            """;
        var code = status ?? (problem is null ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
        return TypedResults.Text(page, MediaTypeNames.Text.Html, Encoding.UTF8, code);
    }

    private static string Form(string action, string fields, string button) =>
        $"<form method=\"post\" action=\"{action}\">{fields}<button type=\"submit\">{Encode(button)}</button></form>";

    private static string Hidden(string token) => $"<input type=\"hidden\" name=\"token\" value=\"{Encode(token)}\">";

    private static string Field(string label, string name, string type, string autocomplete) =>
        $"<label>{Encode(label)}<input name=\"{name}\" type=\"{type}\" autocomplete=\"{autocomplete}\" required></label>";

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
