namespace AX2Caption.Grains.Media;

/// <summary>A file whose headers and packets were in order turns out not to decode. Trying again would not help.</summary>
internal sealed class MediaUnreadableException(string code, string detail) : Exception(detail)
{
    /// <summary>One of <see cref="MediaRejection"/>.</summary>
    public string Code { get; } = code;
}
