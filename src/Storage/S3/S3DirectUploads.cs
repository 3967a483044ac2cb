using System.Text.Json;
using System.Text.Json.Serialization;
using Amazon.S3;
using Amazon.S3.Model;

namespace AX2Caption.Storage.S3;

/// <summary>Direct writes as multipart uploads whose parts have signed addresses.</summary>
internal sealed class S3DirectUploads(S3Bucket bucket, S3Options options) : IDirectUploads
{
    private const char Quote = '"';

    public async Task<DirectUpload> Begin(string key, long length, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        var name = bucket.Names.Object(key);
        var partBytes = PartSizes.For(length, options.PartBytes);
        var state = new State(await bucket.BeginParts(name, cancellationToken), length, partBytes);
        return new DirectUpload(JsonSerializer.Serialize(state), partBytes, state.PartCount);
    }

    public Uri PartAddress(string key, string state, int number, TimeSpan lifetime)
    {
        var upload = State.Read(state);
        ArgumentOutOfRangeException.ThrowIfLessThan(number, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, upload.PartCount);
        return bucket.Sign(bucket.Names.Object(key), HttpVerb.PUT, lifetime, request =>
        {
            request.UploadId = upload.UploadId;
            request.PartNumber = number;
            // Signed, so that the address takes no more than was agreed on.
            request.Headers.ContentLength = upload.BytesOf(number);
        });
    }

    public async Task<DirectFinish> Finish(string key, string state, IReadOnlyCollection<DirectPart> parts, CancellationToken cancellationToken)
    {
        var name = bucket.Names.Object(key);
        var upload = State.Read(state);
        var named = new Dictionary<int, string>();
        foreach (var part in parts)
            named[part.Number] = part.ETag.Trim(Quote);

        var sent = new Dictionary<int, PartETag>();
        try
        {
            await foreach (var part in bucket.ListParts(name, upload.UploadId, cancellationToken))
            {
                if (part.PartNumber is { } number && part.Size == upload.BytesOf(number)
                    && named.TryGetValue(number, out var etag) && etag == part.ETag.Trim(Quote))
                {
                    sent[number] = new PartETag(number, part.ETag);
                }
            }

            var wrong = Enumerable.Range(1, upload.PartCount).Where(number => !sent.ContainsKey(number)).ToList();
            if (wrong.Count > 0)
                return new DirectFinish.WrongParts(wrong);
            if (await bucket.TryCompleteParts(name, upload.UploadId, [.. sent.Values.OrderBy(part => part.PartNumber)], cancellationToken))
                return new DirectFinish.Finished();
        }
        catch (ObjectNotFoundException)
        {
            // The write is gone: finished before, or dropped.
        }

        return (await bucket.Find(name, cancellationToken))?.Length == upload.Length
            ? new DirectFinish.Finished()
            : throw new ObjectNotFoundException(key);
    }

    public Task Abandon(string key, string state, CancellationToken cancellationToken) =>
        bucket.AbortParts(bucket.Names.Object(key), State.Read(state).UploadId, cancellationToken);

    private sealed record State(
        [property: JsonPropertyName("upload")] string UploadId,
        [property: JsonPropertyName("length")] long Length,
        [property: JsonPropertyName("part")] long PartBytes)
    {
        [JsonIgnore]
        public int PartCount => (int)((Length + PartBytes - 1) / PartBytes);

        public long BytesOf(int number) => number == PartCount ? Length - ((PartCount - 1) * PartBytes) : PartBytes;

        /// <exception cref="ArgumentException">The state is not ours.</exception>
        public static State Read(string text)
        {
            try
            {
                return JsonSerializer.Deserialize<State>(text) is { UploadId.Length: > 0, Length: > 0, PartBytes: > 0 } state
                    ? state
                    : throw new ArgumentException("This is not the state of a direct upload.", nameof(text));
            }
            catch (JsonException exception)
            {
                throw new ArgumentException("This is not the state of a direct upload.", nameof(text), exception);
            }
        }
    }
}
