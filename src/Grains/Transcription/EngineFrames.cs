using System.Buffers.Binary;

namespace AX2Caption.Grains.Transcription;

/// <summary>What the worker and its engine processes say to each other: four bytes of length, little-endian, and as many bytes.</summary>
internal static class EngineFrames
{
    /// <summary>More than the longest chunk takes, with room: whoever announces more has lost the thread.</summary>
    private const int Longest = 64 << 20;

    /// <summary>The next frame; null at the end of the stream.</summary>
    /// <exception cref="EndOfStreamException">The stream ends within a frame.</exception>
    /// <exception cref="InvalidDataException">It announces more than any frame has.</exception>
    public static byte[]? Read(Stream stream)
    {
        Span<byte> header = stackalloc byte[sizeof(int)];
        var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (read == 0)
            return null;
        if (read < header.Length)
            throw new EndOfStreamException();

        var length = BinaryPrimitives.ReadInt32LittleEndian(header);
        if (length is < 0 or > Longest)
            throw new InvalidDataException($"A frame announces {length} bytes.");
        var content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }

    public static void Write(Stream stream, ReadOnlySpan<byte> content)
    {
        Span<byte> header = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(header, content.Length);
        stream.Write(header);
        stream.Write(content);
        stream.Flush();
    }
}
