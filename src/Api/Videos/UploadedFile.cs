namespace AX2Caption.Api.Videos;

/// <summary>The file in an upload's body, not yet read.</summary>
/// <param name="Name">Its name, fit to be shown.</param>
/// <param name="Open">Gives its bytes as they arrive, up to a length.</param>
internal sealed record UploadedFile(string Name, Func<long, Stream> Open);
