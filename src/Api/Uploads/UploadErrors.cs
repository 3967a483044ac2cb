using AX2Caption.Api.Errors;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Uploads;

namespace AX2Caption.Api.Uploads;

/// <summary>What uploads in pieces are refused with.</summary>
internal static class UploadErrors
{
    private const int NamedParts = 100;

    private static readonly TimeSpan UntilUnlocked = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UntilBack = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan UntilRoom = TimeSpan.FromMinutes(5);

    public static ErrorResult NotFound() => ErrorTable.UploadNotFound.Because("The account has no upload of this id.");

    public static ErrorResult NothingToEnd() => ErrorTable.UploadNotFound.Because("The account has no unfinished upload of this id.");

    public static ErrorResult Expired() => ErrorTable.UploadExpired.Because("Nothing arrived for too long. Begin a new upload.");

    public static ErrorResult NotCreated(CreateUploadResult result) => result switch
    {
        CreateUploadResult.TooLarge { MaximumLength: var maximum } => UploadStream.TooLargeError(maximum),
        CreateUploadResult.TooManyVideos { Limit: var limit } => VideoUpload.TooManyVideos(limit),
        CreateUploadResult.AccountNotFound => VideoUpload.AccountGone(),
        CreateUploadResult.NotOffered => ErrorTable.DirectUploadsNotOffered.Because("Send the file through /v1/uploads."),
        _ => throw new InvalidOperationException($"Unknown answer {result.GetType().Name}."),
    };

    public static ErrorResult NoSuchPart(int count) =>
        ErrorTable.UploadPartsWrong.Because($"The upload has {count} parts, from 1.", ("partCount", count));

    /// <summary>The first of them; a client that knows these has enough to do.</summary>
    public static ErrorResult WrongParts(IReadOnlyList<int> numbers) => ErrorTable.UploadPartsWrong.Because(
        $"{numbers.Count} parts are missing, or are not what was said of them. Send them again.", ("numbers", numbers.Take(NamedParts)));

    public static ErrorResult Locked() =>
        ErrorTable.UploadLocked.Because("Another request is sending to this upload. Ask for its offset in a moment.").After(UntilUnlocked);

    public static ErrorResult OtherOffset(long written) =>
        ErrorTable.UploadOffsetMismatch.Because($"The upload stands at {written}.", ("offset", written));

    public static ErrorResult ChecksumMismatch() =>
        ErrorTable.ChecksumMismatch.Because("The bytes that arrived do not come to the checksum. They were dropped; send them again.");

    public static ErrorResult BeyondLength(long length) =>
        ErrorTable.UploadTooLarge.Because($"The upload was announced with {length} bytes.", ("maximumBytes", length));

    public static ErrorResult Away() =>
        ErrorTable.ServiceUnavailable.Because("What arrived before is kept; resume the upload.").After(UntilBack);

    public static ErrorResult StoreFull() =>
        ErrorTable.StorageFull.Because("There is no room at the moment. What arrived before is kept; resume the upload later.").After(UntilRoom);
}
