namespace AX2Caption.Testing.S3;

/// <summary>A bucket of a test's own.</summary>
/// <param name="Endpoint">Address of the server.</param>
/// <param name="Name">Its name.</param>
/// <param name="AccessKey">Who may use it.</param>
/// <param name="SecretKey">With what secret.</param>
public sealed record TestBucket(Uri Endpoint, string Name, string AccessKey, string SecretKey)
{
    /// <summary>The settings, as environment variables, that make it a host's object store.</summary>
    /// <param name="section">The section that they belong to.</param>
    public Dictionary<string, string> Settings(string section = "Storage") => new()
    {
        [$"{section}__Kind"] = "s3",
        [$"{section}__S3__Endpoint"] = Endpoint.OriginalString,
        [$"{section}__S3__Bucket"] = Name,
        [$"{section}__S3__AccessKey"] = AccessKey,
        [$"{section}__S3__SecretKey"] = SecretKey,
        [$"{section}__S3__ForcePathStyle"] = "true",
    };
}
