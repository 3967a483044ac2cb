using System.Buffers.Binary;

namespace AX2Caption.Testing.Speech;

/// <summary>A request that a <see cref="SpeechServer"/> took.</summary>
/// <param name="File">The file's bytes.</param>
/// <param name="FileName">The file's name.</param>
/// <param name="Seconds">How long the audio is by its own account.</param>
/// <param name="Language">The language asked for; null if the server was to find it out.</param>
/// <param name="Format">The format asked for.</param>
/// <param name="Granularities">What was to have times.</param>
public sealed record SpeechRequest(
    byte[] File, string FileName, double Seconds, string? Language, string Format, IReadOnlyList<string> Granularities)
{
    /// <summary>The length that a file's own headers tell; null if it is neither FLAC nor Ogg Opus, or tells none.</summary>
    internal static double? DurationOf(ReadOnlySpan<byte> file)
    {
        if (file.Length > 42 && file[..4].SequenceEqual("fLaC"u8))
        {
            // STREAMINFO is the first block: 20 bits of sample rate, 8 of channels and depth, 36 of the total of samples, from its tenth byte on.
            var field = BinaryPrimitives.ReadUInt64BigEndian(file[18..]);
            var (rate, samples) = (field >> 44, field & 0xF_FFFF_FFFF);
            return samples > 0 ? samples / (double)rate : null;
        }

        // The last page tells the position at its end; Opus always counts 48,000 a second.
        var page = file.LastIndexOf("OggS"u8);
        return page >= 0 && file.Length >= page + 14 ? BinaryPrimitives.ReadUInt64LittleEndian(file[(page + 6)..]) / 48_000.0 : null;
    }
}
