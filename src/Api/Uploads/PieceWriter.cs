using System.Buffers;
using AX2Caption.Api.Cluster;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Requests;
using AX2Caption.Grains.Abstractions.Uploads;
using AX2Caption.Storage;

namespace AX2Caption.Api.Uploads;

/// <summary>
/// Appends one request's bytes to an upload, with flat memory. Whatever ends the request, what arrived is kept, unless a
/// checksum vouches for all of it or none.
/// </summary>
internal sealed class PieceWriter(
    ClusterCalls cluster, IObjectStore store, UploadHashes hashes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<PieceWriter> log)
{
    private const int BufferLength = 128 * 1024;

    /// <summary>What a client that has left sent is kept if that is soon done.</summary>
    private static readonly TimeSpan KeepFor = TimeSpan.FromSeconds(30);

    public async Task<PieceOutcome> Write(Piece piece, CancellationToken cancellationToken)
    {
        var writer = Guid.CreateVersion7();
        var begun = await cluster.Call(
            (grains, _) => grains.GetGrain<IUploadGrain>(piece.UploadId).BeginWrite(new BeginWrite(piece.AccountId, writer, piece.Offset)),
            cancellationToken);
        switch (begun)
        {
            case BeginWriteResult.Granted granted:
                using (var lease = new WriterLease(cluster, piece.UploadId, writer, granted.Lease, time))
                    return await Write(piece, granted, writer, lease, cancellationToken);
            case BeginWriteResult.Complete complete:
                return piece.ContentLength > 0 ? UploadErrors.BeyondLength(complete.Upload.Length) : new PieceOutcome(complete.Upload);
            case BeginWriteResult.Locked:
                return UploadErrors.Locked();
            case BeginWriteResult.OtherOffset other:
                return UploadErrors.OtherOffset(other.Written);
            case BeginWriteResult.Expired:
                return UploadErrors.Expired();
            case BeginWriteResult.NotFound:
                return UploadErrors.NotFound();
            default:
                throw new InvalidOperationException($"Unknown answer {begun.GetType().Name}.");
        }
    }

    private async Task<PieceOutcome> Write(
        Piece piece, BeginWriteResult.Granted granted, Guid writer, WriterLease lease, CancellationToken cancellationToken)
    {
        var start = new WriteCheckpoint(granted.Progress.Written, granted.Progress.State);
        var received = await Receive(piece, granted, start, lease, cancellationToken);
        await lease.Settled();

        // Not the request's token: the client has perhaps left.
        using var limit = new CancellationTokenSource(KeepFor, time);
        var safe = received.Safe;
        EndWriteResult ended;
        try
        {
            ended = await cluster.Call(
                (grains, _) => grains.GetGrain<IUploadGrain>(piece.UploadId)
                    .EndWrite(writer, new UploadProgress(safe.Length, safe.State), received.Hash?.Length == granted.Upload.Length ? received.Hash.Current() : null),
                limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            received.Hash?.Dispose();
            return UploadErrors.Away();
        }

        switch (ended)
        {
            case EndWriteResult.Noted { Upload: var upload }:
                Keep(piece.UploadId, received.Hash, upload);
                return received.Refusal is { } refusal ? refusal : new PieceOutcome(upload);
            case EndWriteResult.Replaced:
                received.Hash?.Dispose();
                return UploadErrors.Locked();
            case EndWriteResult.UploadGone:
                received.Hash?.Dispose();
                await store.Abandon(granted.ObjectKey, safe, limit.Token);
                return UploadErrors.NotFound();
            default:
                throw new InvalidOperationException($"Unknown answer {ended.GetType().Name}.");
        }
    }

    private async Task<Received> Receive(
        Piece piece, BeginWriteResult.Granted granted, WriteCheckpoint start, WriterLease lease, CancellationToken cancellationToken)
    {
        if (piece.ContentLength > granted.Upload.Length - start.Length)
            return new Received(start, null, UploadErrors.BeyondLength(granted.Upload.Length));

        try
        {
            await using var write = await store.Resume(granted.ObjectKey, start, granted.Upload.Length, cancellationToken);
            return await Receive(piece, granted.Upload.Length, write, start, lease, cancellationToken);
        }
        catch (WriteInProgressException)
        {
            // A writer that lost its lease has not noticed yet.
            return new Received(start, null, UploadErrors.Locked());
        }
        catch (Exception exception) when (exception is IOException or ObjectNotFoundException)
        {
            return new Received(start, null, ReasonOfTheStore(exception));
        }
    }

    private async Task<Received> Receive(
        Piece piece, long length, IResumableWrite write, WriteCheckpoint start, WriterLease lease, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lease.Lost, lifetime.ApplicationStopping);
        var hash = hashes.Take(piece.UploadId, start.Length);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferLength);
        ErrorResult? refusal = null;
        try
        {
            for (var isWhole = false; !isWhole && refusal is null;)
            {
                var filled = 0;
                while (filled < BufferLength && !isWhole && refusal is null)
                {
                    try
                    {
                        var read = await lease.WhileReading(piece.Body.ReadAsync(buffer.AsMemory(filled, BufferLength - filled), end.Token), Checkpoint);
                        isWhole = read == 0;
                        filled += read;
                    }
                    catch (Exception exception) when (exception is OperationCanceledException or BadHttpRequestException || BrokenBody.Caused(exception))
                    {
                        refusal = ReasonOf(exception);
                    }
                }

                if (write.Length + filled > length)
                    return Drop(UploadErrors.BeyondLength(length));
                hash?.Add(buffer.AsSpan(0, filled));
                piece.Checksum?.Add(buffer.AsSpan(0, filled));
                await write.Append(buffer.AsMemory(0, filled), CancellationToken.None);
            }

            if (piece.Checksum is { } checksum && (refusal ?? (checksum.Matches() ? null : UploadErrors.ChecksumMismatch())) is { } reason)
                return Drop(reason);
            return new Received(await write.Suspend(CancellationToken.None), hash, refusal);
        }
        catch (CheckpointFailedException exception)
        {
            return Drop(ReasonOfTheStore(exception.InnerException!));
        }
        catch (Exception exception) when (exception is IOException or ObjectNotFoundException)
        {
            return Drop(ReasonOfTheStore(exception));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        // What a checksum is to vouch for does not count before its end.
        Task<WriteCheckpoint> Checkpoint() => piece.Checksum is null ? write.Checkpoint(CancellationToken.None) : Task.FromResult(start);

        Received Drop(ErrorResult reason)
        {
            hash?.Dispose();
            return new Received(start, null, reason);
        }
    }

    private ErrorResult ReasonOf(Exception exception) => exception switch
    {
        BadHttpRequestException bad => StatusErrors.AnswerTo(bad.StatusCode, null),
        // This server stops, the upload was given to another, or the request's time is over; a client that has left hears nothing.
        OperationCanceledException => UploadErrors.Away(),
        _ => ErrorTable.UploadIncomplete.Because("The body ended before it was whole. What arrived is kept; resume the upload."),
    };

    /// <summary>What the row says is safe stays; what came after it is not vouched for.</summary>
    private ErrorResult ReasonOfTheStore(Exception exception)
    {
        if (exception is ObjectNotFoundException)
            return UploadErrors.NotFound();
        var isFull = exception is ObjectStoreFullException;
        log.LogError(exception, "A piece of an upload could not be stored");
        return isFull ? UploadErrors.StoreFull() : UploadErrors.Away();
    }

    private void Keep(Guid uploadId, UploadHash? hash, UploadSnapshot upload)
    {
        if (hash is not null && !upload.IsComplete && hash.Length == upload.Written)
            hashes.Keep(uploadId, hash);
        else
            hash?.Dispose();
    }

    /// <param name="Safe">How far the upload is safe.</param>
    /// <param name="Hash">Of all bytes up to there, if all were seen.</param>
    /// <param name="Refusal">What is answered although that is kept; null if all is well.</param>
    private sealed record Received(WriteCheckpoint Safe, UploadHash? Hash, ErrorResult? Refusal);
}

/// <summary>The bytes of one request, to be appended to an upload.</summary>
/// <param name="UploadId">The upload.</param>
/// <param name="AccountId">Whose it is.</param>
/// <param name="Offset">Where the client believes the upload stands.</param>
/// <param name="Body">The bytes, as they arrive.</param>
/// <param name="ContentLength">How many they are, if the client says so.</param>
/// <param name="Checksum">What they come to, if the client says so.</param>
internal sealed record Piece(Guid UploadId, Guid AccountId, long Offset, Stream Body, long? ContentLength, UploadChecksum? Checksum);

/// <summary>What became of a piece: where the upload is, or why nothing or not all of it was taken.</summary>
internal sealed record PieceOutcome(UploadSnapshot? Upload, ErrorResult? Refusal = null)
{
    public static implicit operator PieceOutcome(ErrorResult refusal) => new(null, refusal);
}
