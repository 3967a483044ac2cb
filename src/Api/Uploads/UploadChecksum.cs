using System.Security.Cryptography;

namespace AX2Caption.Api.Uploads;

/// <summary>The header <c>Upload-Checksum</c>: what the bytes of one request must come to.</summary>
internal sealed class UploadChecksum : IDisposable
{
    /// <summary>The names the protocol has for what is supported.</summary>
    public const string Algorithms = "sha1,sha256,sha512,md5";

    private readonly IncrementalHash hash;
    private readonly byte[] expected;

    private UploadChecksum(IncrementalHash hash, byte[] expected)
    {
        this.hash = hash;
        this.expected = expected;
    }

    /// <returns>Null if the header is not as the protocol says, or names another algorithm.</returns>
    public static UploadChecksum? Parse(string header)
    {
        if (header.Split(' ') is not [var algorithm, var base64] || NameOf(algorithm) is not { } name)
            return null;
        var expected = new byte[base64.Length];
        if (!Convert.TryFromBase64String(base64, expected, out var length))
            return null;

        var hash = IncrementalHash.CreateHash(name);
        if (hash.HashLengthInBytes == length)
            return new UploadChecksum(hash, expected[..length]);
        hash.Dispose();
        return null;
    }

    public void Add(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    public bool Matches() => hash.GetHashAndReset().AsSpan().SequenceEqual(expected);

    public void Dispose() => hash.Dispose();

    private static HashAlgorithmName? NameOf(string algorithm) => algorithm switch
    {
        "sha1" => HashAlgorithmName.SHA1,
        "sha256" => HashAlgorithmName.SHA256,
        "sha512" => HashAlgorithmName.SHA512,
        "md5" => HashAlgorithmName.MD5,
        _ => null,
    };
}
