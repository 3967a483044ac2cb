namespace AX2Caption.Api.Videos;

/// <summary>The file in an upload's body, not yet read.</summary>
/// <param name="Name">Its name, fit to be shown.</param>
/// <param name="Content">Its bytes, as they arrive.</param>
internal sealed record UploadedFile(string Name, Stream Content);
