using System.Globalization;
using System.Runtime.InteropServices;
using AX2Caption.Testing;

namespace AX2Caption.Benchmarks.Transcription;

/// <summary>Any length of speech out of the sample's sentences: in an order, with pauses and at a loudness that change all the time, the same in every run.</summary>
internal static class LongSpeech
{
    private const int SampleRate = 16_000;
    private const int WavHeader = 44;

    /// <summary>Makes an m4a.</summary>
    public static async Task Write(string path, TimeSpan duration, CancellationToken cancellationToken)
    {
        var raw = path + ".pcm";
        await File.WriteAllBytesAsync(raw, Samples(duration), cancellationToken);
        await SampleSpeech.Ffmpeg(
            ["-f", "s16le", "-ar", SampleRate.ToString(CultureInfo.InvariantCulture), "-ac", "1", "-i", raw, "-c:a", "aac", "-b:a", "64k", path], cancellationToken);
        File.Delete(raw);
    }

    private static byte[] Samples(TimeSpan duration)
    {
        var sentences = SampleSpeech.Sentences
            .Select(sentence => MemoryMarshal.Cast<byte, short>(File.ReadAllBytes(sentence.WavPath).AsSpan(WavHeader)).ToArray()).ToList();
        // The seed is a part of what is measured: others would give other chunks.
        var random = new Random(20);
        var speech = new short[(int)(duration.TotalSeconds * SampleRate)];
        for (var at = 0; at < speech.Length;)
        {
            var gain = 0.5 + (random.NextDouble() / 2);
            foreach (var sample in sentences[random.Next(sentences.Count)])
            {
                if (at == speech.Length)
                    break;
                speech[at++] = (short)(sample * gain);
            }

            at += (int)(SampleRate * (0.3 + random.NextDouble()));
        }

        return MemoryMarshal.AsBytes(speech.AsSpan()).ToArray();
    }
}
