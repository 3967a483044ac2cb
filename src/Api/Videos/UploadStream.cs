using AX2Caption.Api.Errors;
using AX2Caption.Api.Requests;

namespace AX2Caption.Api.Videos;

/// <summary>
/// Reads what a client sends, up to a limit. A failure to read is the client's and leaves as <see cref="RefusedException"/>,
/// so that it is not taken for a failure of the store that the bytes go to.
/// </summary>
internal sealed class UploadStream(Stream source, long limit, long maximumBytes) : BodyStream
{
    public static RefusedException TooLarge(long maximumBytes, Exception? inner = null) => new(TooLargeError(maximumBytes), inner);

    public static ErrorResult TooLargeError(long maximumBytes) =>
        ErrorTable.UploadTooLarge.Because($"A file may have {maximumBytes} bytes.", ("maximumBytes", maximumBytes));

    public static RefusedException Incomplete(Exception inner) =>
        new(ErrorTable.UploadIncomplete.Because("The body is not whole multipart/form-data. Send it again."), inner);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            var read = await source.ReadAsync(buffer, cancellationToken);
            Count += read;
            return Count <= limit ? read : throw TooLarge(maximumBytes);
        }
        catch (BadHttpRequestException exception) when (exception.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            throw TooLarge(maximumBytes, exception);
        }
        catch (Exception exception) when (BrokenBody.Caused(exception))
        {
            throw Incomplete(exception);
        }
    }
}
