namespace AX2Caption.Storage.S3;

/// <summary>A bucket of a server that speaks S3. Part <c>S3</c> of <see cref="StorageOptions"/>; looked at only where <c>Kind</c> is <c>s3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Address of the server, such as <c>https://s3.example.org</c>; empty for Amazon's own in <see cref="Region"/>. Default empty.</summary>
    public string Endpoint { get; set; } = "";

    /// <summary>
    /// Address under which clients reach the server, if it is another than <see cref="Endpoint"/>: signed addresses begin with it. Default
    /// empty, the same.
    /// </summary>
    public string PublicEndpoint { get; set; } = "";

    /// <summary>Region that requests are signed for. Default <c>us-east-1</c>, which most servers that are not Amazon's take.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>The bucket, which must exist. No default.</summary>
    public string Bucket { get; set; } = "";

    /// <summary>What the names of all objects in the bucket begin with, such as <c>captions/</c>; it ends in <c>/</c>. Default empty.</summary>
    public string Prefix { get; set; } = "";

    /// <summary>Who signs requests. Empty with an empty secret: whatever Amazon's SDK finds, such as the machine's role. Default empty.</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>The secret that requests are signed with. Default empty.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Absolute path of a file that holds the secret, in place of <see cref="SecretKey"/>. Default empty.</summary>
    public string SecretKeyPath { get; set; } = "";

    /// <summary>Whether the bucket stands in the path of addresses and not in the host's name, as most servers want it that are not Amazon's. Default false.</summary>
    public bool ForcePathStyle { get; set; }

    /// <summary>
    /// <c>when_supported</c> sends a checksum with every write and asks for one with every read; <c>when_required</c> does where
    /// the protocol insists, since servers differ in what they understand. Default <c>when_required</c>.
    /// </summary>
    public string ChecksumMode { get; set; } = S3Checksums.WhenRequired;

    /// <summary>
    /// Bytes of a part: what is longer is written in parts of this size, or larger ones where it would take more than 9,000. A write
    /// takes as much room in <see cref="SpoolFolder"/>. 5 MiB to 5 GiB, default 16 MiB.
    /// </summary>
    public long PartBytes { get; set; } = 16L * 1024 * 1024;

    /// <summary>Absolute path of the folder in which a part lies until it is sent; made if it is missing. Default the folder for temporary files.</summary>
    public string SpoolFolder { get; set; } = Path.GetTempPath();

    /// <summary>How long the server may take to accept a connection. 100 ms to 5 minutes, default 10 seconds.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one attempt at a request may take until its answer begins, the sending of a part included. A second to 6 hours, default 5 minutes.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an object's content may stall while it is read. 100 ms to 1 hour, default 1 minute.</summary>
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a request is tried again, and the reading of an object taken up again, after a fault that may pass. 0 to 20, default 5.</summary>
    public int MaxRetries { get; set; } = 5;

    /// <summary>
    /// Age at which an unfinished write in parts is dropped. Longer than any upload lives, since nobody can go on with one that was
    /// dropped. A day to 90 days, default 9 days.
    /// </summary>
    public TimeSpan AbandonedUploadAge { get; set; } = TimeSpan.FromDays(9);

    /// <summary>From which length on an object is copied in parts. The protocol's limit; smaller only where that is tested.</summary>
    internal long CopyPartBytes { get; set; } = PartSizes.Largest;
}
