using AX2Caption.Api.Errors;
using Microsoft.Net.Http.Headers;

namespace AX2Caption.Api.Downloads;

/// <summary>
/// A file, or the part of it that was asked for. What the framework leaves to do of RFC 9110, section 14: a range of another unit than
/// bytes is passed over, and one that the file does not have is answered as any other error is.
/// </summary>
internal sealed class RangedAnswer(IResult file) : IResult
{
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var (request, response) = (httpContext.Request, httpContext.Response);
        if (RangeHeaderValue.TryParse($"{request.Headers.Range}", out var range) && !range.Unit.Equals("bytes", StringComparison.OrdinalIgnoreCase))
            request.Headers.Range = default;
        await file.ExecuteAsync(httpContext);
        if (response.StatusCode != StatusCodes.Status416RangeNotSatisfiable || response.HasStarted)
            return;

        // These are the file's. Content-Range stays: it says how long the file is.
        var headers = response.Headers;
        (headers.ContentLength, headers.ContentDisposition, headers.CacheControl) = (null, default, default);
        (headers.ETag, headers.LastModified) = (default, default);
        await StatusErrors.AnswerTo(response.StatusCode, null).ExecuteAsync(httpContext);
    }
}
