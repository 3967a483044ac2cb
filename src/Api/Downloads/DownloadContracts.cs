namespace AX2Caption.Api.Downloads;

/// <summary>Links to a video's files that work for whoever has them.</summary>
/// <param name="Content">Path and query of the file as it was uploaded.</param>
/// <param name="Thumbnail">Path and query of its picture, as JPEG; null if there is none.</param>
/// <param name="ExpiresAt">When both stop to work.</param>
internal sealed record VideoLinks(string Content, string? Thumbnail, DateTimeOffset ExpiresAt);
