using System.Globalization;
using System.Runtime.CompilerServices;
using Amazon.S3;
using Amazon.S3.Model;

namespace AX2Caption.Storage.S3;

/// <summary>What stands under a name.</summary>
/// <param name="Length">In bytes.</param>
/// <param name="ETag">Changes whenever the content does.</param>
/// <param name="WrittenAt">By the server's clock, to the second: not every answer says more.</param>
internal sealed record S3Head(long Length, string ETag, DateTimeOffset WrittenAt);

/// <summary>One bucket and the requests made of it, whose faults are told in the store's own words.</summary>
internal sealed class S3Bucket : IDisposable
{
    private readonly AmazonS3Client client;
    private readonly AmazonS3Client? publicClient;
    private readonly TimeProvider time;
    private readonly string bucket;
    private readonly long copyPartBytes;
    private readonly int retries;

    public S3Bucket(S3Options options, TimeProvider time)
    {
        this.time = time;
        bucket = options.Bucket;
        copyPartBytes = options.CopyPartBytes;
        retries = options.MaxRetries;
        Names = new S3Names(options.Prefix);
        client = S3Client.Of(options, options.Endpoint);
        publicClient = options.PublicEndpoint.Length == 0 ? null : S3Client.Of(options, options.PublicEndpoint);
    }

    public S3Names Names { get; }

    public async Task<S3Head?> Find(string name, CancellationToken cancellationToken)
    {
        try
        {
            var found = await Send(() =>
                client.GetObjectMetadataAsync(new GetObjectMetadataRequest { BucketName = bucket, Key = name }, cancellationToken));
            return new S3Head(found.ContentLength, found.ETag, ToTheSecond(found.LastModified));
        }
        catch (Exception exception) when (S3Faults.IsNotFound(exception))
        {
            return null;
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            throw Translated(exception, name);
        }
    }

    /// <summary>Begins to read an object; null where the range lies beyond its end.</summary>
    public async Task<GetObjectResponse?> Open(string name, ByteRange? range, string? etag, CancellationToken cancellationToken)
    {
        try
        {
            return await Send(() => client.GetObjectAsync(
                new GetObjectRequest { BucketName = bucket, Key = name, ByteRange = range, EtagToMatch = etag }, cancellationToken));
        }
        catch (Exception exception) when (S3Faults.IsBeyondTheEnd(exception))
        {
            return null;
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            throw Translated(exception, name);
        }
    }

    public Task Put(string name, Stream content, CancellationToken cancellationToken) => Ask(name, cancellationToken, () =>
    {
        content.Position = 0;
        return client.PutObjectAsync(
            new PutObjectRequest { BucketName = bucket, Key = name, InputStream = content, AutoCloseStream = false }, cancellationToken);
    });

    /// <summary>Makes a second object of the same content, in parts if it is too long for one request.</summary>
    public async Task Copy(string source, string target, CancellationToken cancellationToken)
    {
        var found = await Find(source, cancellationToken) ?? throw new ObjectNotFoundException(Names.KeyOf(source));
        if (found.Length <= copyPartBytes)
        {
            await Ask(source, cancellationToken, () => client.CopyObjectAsync(
                new CopyObjectRequest { SourceBucket = bucket, SourceKey = source, DestinationBucket = bucket, DestinationKey = target },
                cancellationToken));
            return;
        }

        var partBytes = PartSizes.For(found.Length, copyPartBytes);
        await InParts(target, () => found.Length, async upload =>
        {
            var parts = new List<PartETag>();
            for (long first = 0; first < found.Length; first += partBytes)
            {
                parts.Add(await CopyPart(
                    source, target, upload, parts.Count + 1, (first, Math.Min(first + partBytes, found.Length) - 1), found.ETag, cancellationToken));
            }

            return parts;
        }, cancellationToken);
    }

    public Task Delete(string name, CancellationToken cancellationToken) => Ask(name, cancellationToken, () =>
        client.DeleteObjectAsync(new DeleteObjectRequest { BucketName = bucket, Key = name }, cancellationToken));

    /// <summary>Every name that begins with <paramref name="prefix"/>.</summary>
    public async IAsyncEnumerable<(string Name, S3Head Head)> List(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = prefix };
        for (var more = true; more;)
        {
            var page = await Ask(prefix, cancellationToken, () => client.ListObjectsV2Async(request, cancellationToken));
            foreach (var found in page.S3Objects ?? [])
                yield return (found.Key, new S3Head(found.Size ?? 0, found.ETag, ToTheSecond(found.LastModified)));
            request.ContinuationToken = page.NextContinuationToken;
            more = page.IsTruncated == true;
        }
    }

    /// <summary>
    /// Writes an object in parts, which <paramref name="send"/> sends; if that fails, nothing of them is left. Where the server's last answer
    /// was lost, the object of that <paramref name="length"/> tells that it was yes.
    /// </summary>
    public async Task InParts(string name, Func<long> length, Func<string, Task<List<PartETag>>> send, CancellationToken cancellationToken)
    {
        var upload = await BeginParts(name, cancellationToken);
        try
        {
            var parts = await send(upload);
            if (!await TryCompleteParts(name, upload, parts, cancellationToken)
                && (await Find(name, cancellationToken))?.Length != length())
            {
                throw new IOException($"The write of '{Names.KeyOf(name)}' was removed while it went on.");
            }
        }
        catch
        {
            // Whoever gave up, the parts must not stay; a failure of this is left to the sweep.
            await TryAbortParts(name, upload);
            throw;
        }
    }

    public async Task<string> BeginParts(string name, CancellationToken cancellationToken) =>
        (await Ask(name, cancellationToken, () => client.InitiateMultipartUploadAsync(
            new InitiateMultipartUploadRequest { BucketName = bucket, Key = name }, cancellationToken))).UploadId;

    public async Task<PartETag> SendPart(string name, string upload, int number, Stream content, CancellationToken cancellationToken)
    {
        var sent = await Ask(name, cancellationToken, () =>
        {
            content.Position = 0;
            return client.UploadPartAsync(
                new UploadPartRequest
                {
                    BucketName = bucket, Key = name, UploadId = upload, PartNumber = number, InputStream = content, PartSize = content.Length,
                },
                cancellationToken);
        });
        return new PartETag(number, sent.ETag);
    }

    public async Task<PartETag> CopyPart(
        string source, string target, string upload, int number, (long First, long Last)? range, string? etag, CancellationToken cancellationToken)
    {
        var request = new CopyPartRequest
        {
            SourceBucket = bucket, SourceKey = source, DestinationBucket = bucket, DestinationKey = target, UploadId = upload, PartNumber = number,
        };
        if (range is var (first, last))
            (request.FirstByte, request.LastByte) = (first, last);
        if (etag is not null)
            request.ETagToMatch = [etag];
        var copied = await Ask(source, cancellationToken, () => client.CopyPartAsync(request, cancellationToken));
        return new PartETag(number, copied.ETag);
    }

    /// <summary>The parts that were sent, in the order of their numbers.</summary>
    /// <exception cref="ObjectNotFoundException">There is no such write.</exception>
    public async IAsyncEnumerable<PartDetail> ListParts(string name, string upload, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListPartsRequest { BucketName = bucket, Key = name, UploadId = upload };
        for (var more = true; more;)
        {
            var page = await Ask(name, cancellationToken, () => client.ListPartsAsync(request, cancellationToken));
            foreach (var part in page.Parts ?? [])
                yield return part;
            request.PartNumberMarker = page.NextPartNumberMarker?.ToString(CultureInfo.InvariantCulture);
            more = page.IsTruncated == true;
        }
    }

    /// <summary>Makes the parts the object.</summary>
    /// <returns>False if there is no such write: it was made the object before, or dropped.</returns>
    public async Task<bool> TryCompleteParts(string name, string upload, List<PartETag> parts, CancellationToken cancellationToken)
    {
        try
        {
            await Ask(name, cancellationToken, () => client.CompleteMultipartUploadAsync(
                new CompleteMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = upload, PartETags = parts }, cancellationToken));
            return true;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
    }

    /// <summary>Drops a write in parts; one that is not there counts as dropped.</summary>
    public async Task AbortParts(string name, string upload, CancellationToken cancellationToken)
    {
        try
        {
            await Ask(name, cancellationToken, () => client.AbortMultipartUploadAsync(
                new AbortMultipartUploadRequest { BucketName = bucket, Key = name, UploadId = upload }, cancellationToken));
        }
        catch (ObjectNotFoundException)
        {
        }
    }

    /// <summary>The writes in parts of names that begin with <paramref name="prefix"/>.</summary>
    public async IAsyncEnumerable<MultipartUpload> ListUploads(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = new ListMultipartUploadsRequest { BucketName = bucket, Prefix = prefix };
        for (var more = true; more;)
        {
            var page = await Ask(prefix, cancellationToken, () => client.ListMultipartUploadsAsync(request, cancellationToken));
            foreach (var upload in page.MultipartUploads ?? [])
                yield return upload;
            (request.KeyMarker, request.UploadIdMarker) = (page.NextKeyMarker, page.NextUploadIdMarker);
            more = page.IsTruncated == true;
        }
    }

    /// <summary>An address that anybody may use for a while, as clients reach the server.</summary>
    public Uri Sign(string name, HttpVerb verb, TimeSpan lifetime, Action<GetPreSignedUrlRequest> describe)
    {
        var signer = publicClient ?? client;
        var request = new GetPreSignedUrlRequest
        {
            BucketName = bucket,
            Key = name,
            Verb = verb,
            Expires = (time.GetUtcNow() + lifetime).UtcDateTime,
            Protocol = signer.Config.ServiceURL?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true ? Protocol.HTTP : Protocol.HTTPS,
        };
        describe(request);
        return new Uri(signer.GetPreSignedURL(request));
    }

    public void Dispose()
    {
        client.Dispose();
        publicClient?.Dispose();
    }

    private async Task TryAbortParts(string name, string upload)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30), time);
        try
        {
            await AbortParts(name, upload, patience.Token);
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
        }
    }

    private async Task<T> Ask<T>(string name, CancellationToken cancellationToken, Func<Task<T>> request)
    {
        try
        {
            return await Send(request);
        }
        catch (Exception exception) when (S3Faults.IsFault(exception, cancellationToken))
        {
            throw Translated(exception, name);
        }
    }

    /// <summary>The SDK tries again by itself, but for what it takes for our fault.</summary>
    private async Task<T> Send<T>(Func<Task<T>> request)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await request();
            }
            catch (AmazonS3Exception fault) when (attempt < retries && S3Faults.IsMisheard(fault))
            {
            }
        }
    }

    private Exception Translated(Exception exception, string name) => S3Faults.Translate(exception, Names.KeyOf(name));

    private static DateTimeOffset ToTheSecond(DateTime? time)
    {
        var known = new DateTimeOffset((time ?? DateTime.UnixEpoch).ToUniversalTime());
        return new DateTimeOffset(known.Ticks - (known.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
    }
}
