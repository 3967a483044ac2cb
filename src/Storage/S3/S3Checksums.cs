using Amazon.Runtime;

namespace AX2Caption.Storage.S3;

/// <summary>The two ways to deal with the protocol's checksums.</summary>
internal static class S3Checksums
{
    public const string WhenRequired = "when_required";
    public const string WhenSupported = "when_supported";

    public static RequestChecksumCalculation OfRequests(string mode) =>
        mode == WhenSupported ? RequestChecksumCalculation.WHEN_SUPPORTED : RequestChecksumCalculation.WHEN_REQUIRED;

    public static ResponseChecksumValidation OfResponses(string mode) =>
        mode == WhenSupported ? ResponseChecksumValidation.WHEN_SUPPORTED : ResponseChecksumValidation.WHEN_REQUIRED;
}
