namespace AX2Caption.Api.Requests;

/// <summary>Bodies that end, or break, in the middle.</summary>
internal static class BrokenBody
{
    /// <summary>
    /// Whether reading failed since the client has sent no whole body. What the server refuses by itself says so by itself; it has
    /// no such words for the size of a chunk beyond all numbers (an <see cref="IOException"/>) and for trailers with bytes that no
    /// header may have (an <see cref="InvalidOperationException"/>).
    /// </summary>
    public static bool Caused(Exception exception) =>
        exception is InvalidDataException or InvalidOperationException or IOException and not BadHttpRequestException;
}
