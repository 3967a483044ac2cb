using Microsoft.AspNetCore.Diagnostics;

namespace AX2Caption.Api.Errors;

/// <summary>Gives a code from the table to errors that the framework makes by itself.</summary>
internal static class StatusErrors
{
    public static Task Answer(StatusCodeContext context) =>
        AnswerTo(context.HttpContext.Response.StatusCode, null).ExecuteAsync(context.HttpContext);

    public static ErrorResult AnswerTo(int status, string? detail) => status switch
    {
        404 => ErrorTable.NotFound.Because(detail ?? "Check the path; /docs lists all there are."),
        405 => ErrorTable.MethodNotAllowed.Because(detail ?? "The Allow header names the methods that it answers to."),
        408 => ErrorTable.RequestTooSlow.Because(detail ?? "Try again over a faster connection."),
        413 => ErrorTable.BodyTooLarge.Because(detail ?? "docs/api.md says how large bodies may be."),
        415 => ErrorTable.UnsupportedContentType.Because(detail ?? "Send the content type that /docs names for this request."),
        416 => ErrorTable.RangeNotSatisfiable.Because(detail ?? "Content-Range says how long the file is."),
        429 => ErrorTable.TooManyRequests.Because(detail ?? "Wait a moment."),
        503 => ErrorTable.ServiceUnavailable.Because(detail ?? "Try again in a moment."),
        504 => ErrorTable.RequestTimeout.Because(detail ?? "Try again."),
        >= 400 and < 500 => ErrorTable.InvalidRequest.Because(detail ?? "Compare it with what /docs says of this request."),
        _ => ErrorTable.InternalError.Because(detail ?? "Tell the operator the request id if it happens again."),
    };
}
