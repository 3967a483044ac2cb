using System.Text.Json;
using AX2Caption.Api.Cluster;
using AX2Caption.Storage;
using Microsoft.AspNetCore.Diagnostics;

namespace AX2Caption.Api.Errors;

/// <summary>Turns an exception that left a handler into an error of the table.</summary>
internal sealed class ExceptionErrors(ILogger<ExceptionErrors> log) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        await AnswerTo(exception).ExecuteAsync(httpContext);
        return true;
    }

    private ErrorResult AnswerTo(Exception exception)
    {
        switch (exception)
        {
            case RefusedException refused:
                return refused.Answer;
            case BadHttpRequestException bad:
                return Explain(bad) ?? StatusErrors.AnswerTo(bad.StatusCode, null);
            case ClusterUnavailableException:
                return ErrorTable.ServiceUnavailable.Because("Try again in a moment, with the same Idempotency-Key if you sent one.")
                    .After(TimeSpan.FromSeconds(5));
            case ObjectStoreFullException:
                log.LogError(exception, "The object store is full");
                return ErrorTable.StorageFull.Because("Nothing of the upload was kept. Try again later.").After(TimeSpan.FromMinutes(5));
            default:
                log.LogError(exception, "A request failed unexpectedly");
                return ErrorTable.InternalError.Because("Tell the operator the request id if it happens again.");
        }
    }

    /// <summary>The framework's own messages name types and parameters of the code, so only the place in the JSON is passed on.</summary>
    private static ErrorResult? Explain(BadHttpRequestException bad) => bad.InnerException is JsonException { Path: { Length: > 2 } path }
        ? ErrorTable.InvalidRequest.About(path["$.".Length..], "is not as /docs says of it.")
        : null;
}
