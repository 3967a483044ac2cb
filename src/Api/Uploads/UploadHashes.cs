using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Uploads;

/// <summary>
/// The SHA-256 of uploads of which this process has seen every byte so far. Of one that began elsewhere, or that was forgotten
/// here since there were too many, the worker that probes it computes the hash.
/// </summary>
internal sealed class UploadHashes(IOptions<UploadOptions> options) : IDisposable
{
    private readonly Lock turn = new();
    private readonly Dictionary<Guid, UploadHash> kept = [];
    private readonly Queue<Guid> oldest = [];

    /// <summary>Takes the hash of an upload that stands at <paramref name="offset"/>; null if not all before it was seen.</summary>
    public UploadHash? Take(Guid uploadId, long offset)
    {
        lock (turn)
        {
            if (kept.Remove(uploadId, out var hash) && hash.Length == offset)
                return hash;
            hash?.Dispose();
            return offset == 0 ? new UploadHash() : null;
        }
    }

    /// <summary>Keeps a hash for the next piece.</summary>
    public void Keep(Guid uploadId, UploadHash hash)
    {
        lock (turn)
        {
            if (kept.Remove(uploadId, out var other))
                other.Dispose();
            kept[uploadId] = hash;
            oldest.Enqueue(uploadId);
            while (kept.Count > options.Value.KeptHashes || oldest.Count > 2 * options.Value.KeptHashes)
            {
                if (kept.Remove(oldest.Dequeue(), out var forgotten))
                    forgotten.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (var hash in kept.Values)
            hash.Dispose();
    }
}

/// <summary>The SHA-256 of an upload's first bytes.</summary>
internal sealed class UploadHash : IDisposable
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Of how many.</summary>
    public long Length { get; private set; }

    public void Add(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        Length += bytes.Length;
    }

    public byte[] Current() => hash.GetCurrentHash();

    public void Dispose() => hash.Dispose();
}
