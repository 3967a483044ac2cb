using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AX2Caption.Grains.Transcription;

/// <summary>Speech as engines take it: 16 kHz, one channel, signed 16-bit little-endian samples without a header.</summary>
/// <param name="Samples">One value a sample.</param>
internal sealed record PcmAudio(ReadOnlyMemory<short> Samples)
{
    public const int SampleRate = 16_000;

    public const int BytesPerSample = sizeof(short);

    private const long TicksPerSample = TimeSpan.TicksPerSecond / SampleRate;

    public TimeSpan Duration => DurationOfSamples(Samples.Length);

    public static TimeSpan DurationOfSamples(long samples) => new(samples * TicksPerSample);

    public static TimeSpan DurationOfBytes(long bytes) => DurationOfSamples(bytes / BytesPerSample);

    /// <summary>Where a position stands in a PCM file, and how many bytes a duration takes.</summary>
    public static long BytesOf(TimeSpan duration) => duration.Ticks / TicksPerSample * BytesPerSample;

    /// <summary>Reads the next <paramref name="duration"/> of a stream, or what is left of it.</summary>
    public static async Task<PcmAudio> Read(Stream pcm, TimeSpan duration, CancellationToken cancellationToken)
    {
        var bytes = new byte[BytesOf(duration)];
        var read = await pcm.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return FromBytes(bytes.AsSpan(0, read));
    }

    public byte[] ToBytes()
    {
        var samples = Samples.ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(samples, samples);
        return MemoryMarshal.AsBytes(samples.AsSpan()).ToArray();
    }

    /// <summary>Takes whole samples; half a sample at the end is dropped.</summary>
    public static PcmAudio FromBytes(ReadOnlySpan<byte> bytes)
    {
        var samples = MemoryMarshal.Cast<byte, short>(bytes).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(samples, samples);
        return new PcmAudio(samples);
    }
}
