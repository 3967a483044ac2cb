namespace AX2Caption.Api.Uploads;

/// <summary>Names and numbers of the tus protocol, version 1.0.0.</summary>
internal static class Tus
{
    public const string Version = "1.0.0";
    public const string Extensions = "creation,creation-with-upload,expiration,termination,checksum";
    public const string PieceType = "application/offset+octet-stream";

    public const string ResumableHeader = "Tus-Resumable";
    public const string VersionHeader = "Tus-Version";
    public const string ExtensionHeader = "Tus-Extension";
    public const string MaxSizeHeader = "Tus-Max-Size";
    public const string ChecksumAlgorithmHeader = "Tus-Checksum-Algorithm";

    public const string LengthHeader = "Upload-Length";
    public const string DeferLengthHeader = "Upload-Defer-Length";
    public const string OffsetHeader = "Upload-Offset";
    public const string MetadataHeader = "Upload-Metadata";
    public const string ExpiresHeader = "Upload-Expires";
    public const string ChecksumHeader = "Upload-Checksum";
    public const string ConcatHeader = "Upload-Concat";
    public const string MethodHeader = "X-HTTP-Method-Override";

    /// <summary>What a page of another origin may send.</summary>
    public static IReadOnlyList<string> RequestHeaders { get; } =
        [ResumableHeader, LengthHeader, OffsetHeader, MetadataHeader, ChecksumHeader, MethodHeader];

    /// <summary>What a page of another origin may read.</summary>
    public static IReadOnlyList<string> ResponseHeaders { get; } =
    [
        ResumableHeader, VersionHeader, ExtensionHeader, MaxSizeHeader, ChecksumAlgorithmHeader,
        LengthHeader, OffsetHeader, MetadataHeader, ExpiresHeader,
    ];
}
