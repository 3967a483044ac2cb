using System.Text.Json;
using System.Text.Json.Serialization;

namespace AX2Caption.Storage.S3;

/// <summary>What a resumable write has to know to go on; kept in <see cref="WriteCheckpoint.State"/>.</summary>
/// <param name="PartBytes">How long its parts are: for all of the write, whatever is configured later.</param>
/// <param name="UploadId">The server's name of its parts; null while it is shorter than one.</param>
internal sealed record S3WriteState(
    [property: JsonPropertyName("part")] long PartBytes,
    [property: JsonPropertyName("upload")] string? UploadId)
{
    /// <summary>The state of a checkpoint, or null where it is another store's.</summary>
    public static S3WriteState? Read(WriteCheckpoint checkpoint)
    {
        try
        {
            var state = checkpoint.State is null ? null : JsonSerializer.Deserialize<S3WriteState>(checkpoint.State);
            return state is { PartBytes: > 0 } ? state : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public WriteCheckpoint At(long length) => new(length, JsonSerializer.Serialize(this));
}
