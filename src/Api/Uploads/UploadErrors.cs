using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Uploads;

/// <summary>What uploads in pieces are refused with.</summary>
internal static class UploadErrors
{
    private static readonly TimeSpan UntilUnlocked = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan UntilRoom = TimeSpan.FromMinutes(5);

    public static ErrorResult NotFound() => ErrorTable.UploadNotFound.Because("The account has no upload of this id.");

    public static ErrorResult Expired() => ErrorTable.UploadExpired.Because("Nothing arrived for too long. Begin a new upload.");

    public static ErrorResult Locked() =>
        ErrorTable.UploadLocked.Because("Another request is sending to this upload. Ask for its offset in a moment.").After(UntilUnlocked);

    public static ErrorResult OtherOffset(long written) =>
        ErrorTable.UploadOffsetMismatch.Because($"The upload stands at {written}.", ("offset", written));

    public static ErrorResult ChecksumMismatch() =>
        ErrorTable.ChecksumMismatch.Because("The bytes that arrived do not come to the checksum. They were dropped; send them again.");

    public static ErrorResult BeyondLength(long length) =>
        ErrorTable.UploadTooLarge.Because($"The upload was announced with {length} bytes.", ("maximumBytes", length));

    public static ErrorResult StoreFull() =>
        ErrorTable.StorageFull.Because("There is no room at the moment. What arrived before is kept; resume the upload later.").After(UntilRoom);
}
