using System.Buffers;

namespace AX2Caption.Grains.Transcription;

/// <summary>How loud audio is over time: one byte for each 10 ms, so that three hours take one megabyte.</summary>
/// <param name="Levels">One level a frame in decibels above <see cref="Floor"/>: 0 is digital silence, 96 full scale.</param>
/// <param name="Duration">Of the audio; the last frame may be a part of one.</param>
internal sealed record LoudnessCurve(ReadOnlyMemory<byte> Levels, TimeSpan Duration)
{
    /// <summary>What level 0 stands for, in dBFS: half a step of 16-bit audio.</summary>
    public const int Floor = -96;

    public static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(10);

    private const int SamplesPerFrame = PcmAudio.SampleRate / 100;

    private const int BytesPerFrame = SamplesPerFrame * PcmAudio.BytesPerSample;

    /// <summary>Measures a PCM stream to its end, block by block.</summary>
    public static async Task<LoudnessCurve> Measure(Stream pcm, CancellationToken cancellationToken)
    {
        var levels = new ArrayBufferWriter<byte>();
        var block = new byte[BytesPerFrame * 512];
        long bytes = 0;
        int read;
        do
        {
            read = await pcm.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            bytes += read;
            var samples = PcmAudio.FromBytes(block.AsSpan(0, read)).Samples.Span;
            for (var at = 0; at < samples.Length; at += SamplesPerFrame)
                levels.Write([Level(samples[at..Math.Min(at + SamplesPerFrame, samples.Length)])]);
        }
        while (read == block.Length);

        return new LoudnessCurve(levels.WrittenMemory, PcmAudio.DurationOfBytes(bytes));
    }

    private static byte Level(ReadOnlySpan<short> samples)
    {
        double sum = 0;
        foreach (var sample in samples)
            sum += (double)sample * sample;
        var meanSquare = sum / samples.Length / ((double)short.MaxValue * short.MaxValue);
        return meanSquare == 0 ? (byte)0 : (byte)Math.Clamp(Math.Round((10 * Math.Log10(meanSquare)) - Floor), 0, -Floor);
    }
}
