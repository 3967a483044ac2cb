using AX2Caption.Storage.S3;

namespace AX2Caption.Storage;

/// <summary>Where objects are kept. Configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "Storage";

    /// <summary>The <see cref="Kind"/> of a folder.</summary>
    public const string LocalKind = "local";

    /// <summary>The <see cref="Kind"/> of a bucket.</summary>
    public const string S3Kind = "s3";

    /// <summary><c>local</c>: in a folder. <c>s3</c>: in the bucket that <see cref="S3"/> describes. Only the settings of the chosen kind are looked at. Default <c>local</c>.</summary>
    public string Kind { get; set; } = LocalKind;

    /// <summary>
    /// Absolute path of the folder that holds the objects; made if it is missing. Every process that shares it runs as the same
    /// user of the operating system. No default.
    /// </summary>
    public string Root { get; set; } = "";

    /// <summary>
    /// Bytes of the file system that stay free: a write that would go below counts as a full store, so that the database and the
    /// logs beside it go on working. 0 uses the disk to its end. Default 512 MiB.
    /// </summary>
    public long MinimumFreeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>
    /// How long the remains of a write that a crash cut off are kept, and how often they are looked for. A minute to 30 days, default 1 hour.
    /// </summary>
    public TimeSpan AbandonedWriteAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The bucket of the kind <c>s3</c>.</summary>
    public S3Options S3 { get; set; } = new();
}
