namespace AX2Caption.Grains.Media;

/// <summary>What a playable file holds.</summary>
/// <param name="Duration">Where that stream ends on the file's timeline, measured by reading every packet: the basis of the price.</param>
/// <param name="Format">The container's name as ffmpeg gives it, for example <c>mov,mp4,m4a,3gp,3g2,mj2</c>.</param>
/// <param name="Streams">All streams, in the file's order.</param>
/// <param name="AudioStreamIndex">
/// The <see cref="MediaStream.Index"/> of the audio that is captioned unless another is asked for: the default audio stream, else the first
/// that can be.
/// </param>
internal sealed record MediaInfo(TimeSpan Duration, string Format, IReadOnlyList<MediaStream> Streams, int AudioStreamIndex);

/// <summary>One stream of a file.</summary>
/// <param name="Index">Its number in the file, from 0.</param>
/// <param name="Kind">What it carries; a cover picture counts as other.</param>
/// <param name="Codec">The codec's name as ffmpeg gives it, or <c>unknown</c>.</param>
/// <param name="Language">The language tag the file claims for it, if it is a well-formed one.</param>
/// <param name="Channels">Audio channels, if it is audio.</param>
/// <param name="SampleRate">Audio samples a second, if it is audio.</param>
/// <param name="Width">Picture width in pixels, if it is video.</param>
/// <param name="Height">Picture height in pixels, if it is video.</param>
/// <param name="Duration">Where it ends on the file's timeline, measured, if it is audio that can be captioned.</param>
internal sealed record MediaStream(
    int Index, StreamKind Kind, string Codec, string? Language, int? Channels, int? SampleRate, int? Width, int? Height,
    TimeSpan? Duration = null);

internal enum StreamKind
{
    Audio,
    Video,
    Subtitle,
    Other,
}
