namespace AX2Caption.Captions;

/// <summary>A file format captions are handed out in; the instances are in <see cref="CaptionFormats"/>.</summary>
public sealed class CaptionFormat
{
    private readonly Action<CaptionTrack, TextWriter> _write;

    internal CaptionFormat(string name, string mediaType, Action<CaptionTrack, TextWriter> write)
    {
        Name = name;
        MediaType = mediaType;
        _write = write;
    }

    /// <summary>The name clients ask for, for example <c>srt</c>.</summary>
    public string Name { get; }

    /// <summary>The file name's extension with its full stop, for example <c>.srt</c>.</summary>
    public string FileExtension => $".{Name}";

    /// <summary>The media type without parameters; the encoding is always UTF-8.</summary>
    public string MediaType { get; }

    /// <summary>Writes the track in this format; neither flushes nor closes the writer.</summary>
    public void Write(CaptionTrack track, TextWriter writer) => _write(track, writer);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
