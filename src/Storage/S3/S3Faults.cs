using System.Net;
using Amazon.Runtime;
using Amazon.S3;

namespace AX2Caption.Storage.S3;

/// <summary>What a server's or the network's refusals mean to the users of a store.</summary>
internal static class S3Faults
{
    private static readonly HashSet<string> Absent = ["NoSuchKey", "NoSuchUpload", "NotFound"];

    // Ceph's quotas; MinIO and others when their disks are full.
    private static readonly HashSet<string> Full = ["QuotaExceeded", "InsufficientCapacity", "InsufficientStorage", "XMinioStorageFull"];

    /// <summary>Whether a fault comes from the SDK or from what it stands on.</summary>
    public static bool IsFault(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        AmazonServiceException or AmazonClientException or HttpRequestException or IOException or TimeoutException => true,
        // The SDK's own limits of time look like somebody gave up; nobody did.
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };

    public static bool IsNotFound(Exception exception) =>
        // The answer to HEAD has no body and so no code.
        exception is AmazonS3Exception { StatusCode: HttpStatusCode.NotFound } fault && (fault.ErrorCode is null or "" || Absent.Contains(fault.ErrorCode));

    /// <summary>
    /// Whether the server could not make out a request at all, which is so for the next one on a connection after Ceph refused one
    /// without reading its body. It was not carried out, and can be sent again.
    /// </summary>
    public static bool IsMisheard(AmazonS3Exception fault) => fault.StatusCode == HttpStatusCode.BadRequest && string.IsNullOrEmpty(fault.RequestId);

    public static bool IsBeyondTheEnd(Exception exception) =>
        exception is AmazonS3Exception { StatusCode: HttpStatusCode.RequestedRangeNotSatisfiable };

    public static Exception Translate(Exception exception, string key) => exception switch
    {
        _ when IsNotFound(exception) => new ObjectNotFoundException(key),
        AmazonS3Exception fault when fault.StatusCode == HttpStatusCode.InsufficientStorage || Full.Contains(fault.ErrorCode ?? "") =>
            new ObjectStoreFullException(exception),
        AmazonS3Exception { StatusCode: >= HttpStatusCode.BadRequest and < HttpStatusCode.InternalServerError and not HttpStatusCode.TooManyRequests } fault =>
            new IOException(Refusal(fault, key), exception),
        AmazonS3Exception fault => new ObjectStoreUnavailableException(Refusal(fault, key), exception),
        _ => new ObjectStoreUnavailableException($"The object store could not be asked about '{key}': {exception.Message}", exception),
    };

    private static string Refusal(AmazonS3Exception fault, string key) =>
        $"The object store refused '{key}': {(int)fault.StatusCode} {fault.ErrorCode}: {fault.Message}";
}
