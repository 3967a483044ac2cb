using Orleans.Concurrency;

namespace AX2Caption.Grains.Abstractions.Uploads;

/// <summary>
/// One upload that arrives in pieces; the key is the id of the video that it becomes. Whoever writes a piece holds the upload
/// for as long as it says so again and again; the row says how far the upload is, whatever the store has beyond that.
/// </summary>
[Alias("ax2.IUploadGrain")]
public interface IUploadGrain : IGrainWithGuidKey
{
    /// <summary>Begins the upload and its video. Called again, it answers with the same upload.</summary>
    [Alias("Create")]
    Task<CreateUploadResult> Create(CreateUpload command);

    /// <summary>The upload, if it belongs to the account.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<UploadResult> Get(Guid accountId, CancellationToken cancellationToken);

    /// <summary>Gives the upload to one writer, if it stands where the writer believes. Called again by the same writer, it answers the same.</summary>
    [Alias("BeginWrite")]
    Task<BeginWriteResult> BeginWrite(BeginWrite command);

    /// <summary>The writer is still there, and this much is safe.</summary>
    [Alias("ExtendWrite")]
    Task<WriterStanding> ExtendWrite(Guid writer, UploadProgress progress);

    /// <summary>
    /// The writer stops, and this much is safe. If that is all, the object is finished and the video's probe queued. Called again,
    /// it answers with the upload as it stands.
    /// </summary>
    /// <param name="writer">Who stops.</param>
    /// <param name="progress">How far the upload is.</param>
    /// <param name="sha256">Of all bytes, 32 bytes; null if this writer did not see them all.</param>
    [Alias("EndWrite")]
    Task<EndWriteResult> EndWrite(Guid writer, UploadProgress progress, byte[]? sha256);

    /// <summary>
    /// Begins an upload whose pieces the client sends to the store itself, and its video. Called again, it answers with the same
    /// upload.
    /// </summary>
    [Alias("CreateDirect")]
    Task<CreateUploadResult> CreateDirect(CreateUpload command);

    /// <summary>Addresses to which parts may be sent for a while.</summary>
    /// <param name="accountId">Whose upload it is.</param>
    /// <param name="numbers">Which parts, from 1; 100 at most.</param>
    [Alias("SignParts")]
    Task<SignPartsResult> SignParts(Guid accountId, IReadOnlyList<int> numbers);

    /// <summary>
    /// The client says that it has sent all parts: makes them the object and queues the video's probe. Called again, it answers
    /// with the upload as it stands.
    /// </summary>
    /// <param name="accountId">Whose upload it is.</param>
    /// <param name="parts">Every part, in any order.</param>
    [Alias("FinishDirect")]
    Task<FinishDirectResult> FinishDirect(Guid accountId, IReadOnlyList<UploadPart> parts);

    /// <summary>Ends an upload that is not complete and deletes what was stored of it, whoever writes at the moment.</summary>
    /// <returns>False: the account has no such upload, or it is complete.</returns>
    [Alias("Terminate")]
    Task<bool> Terminate(Guid accountId);

    /// <summary>Finishes what a crash may have interrupted, and ends an upload whose time is over.</summary>
    [Alias("Drive")]
    Task Drive();
}
