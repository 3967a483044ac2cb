using System.Collections.Concurrent;
using System.Text.Json;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// The offline engine as a program of its own: it takes chunks on its standard input and gives words on its standard output, until the input
/// ends. It is no command for people; workers start it, see <see cref="PocketSphinxProcess"/>.
/// </summary>
public static class PocketSphinxProgram
{
    /// <summary>What it is called on the Silo's command line.</summary>
    public static IReadOnlyList<string> Command { get; } = ["speech-engine", "pocketsphinx"];

    /// <summary>Loads the model, says so by an empty frame, then answers each frame of samples with one of words.</summary>
    /// <param name="modelPath">The model's folder.</param>
    /// <returns>Exit code: 0 when the input ended, 1 when it could not go on; the reason is on the standard error.</returns>
    public static int Run(string modelPath)
    {
        using var input = Console.OpenStandardInput();
        using var output = Console.OpenStandardOutput();
        try
        {
            using var decoder = new PocketSphinxDecoder(new PocketSphinxModel(modelPath));
            EngineFrames.Write(output, []);
            foreach (var samples in Chunks(input))
            {
                var words = decoder.Recognize(PcmAudio.FromBytes(samples), CancellationToken.None);
                EngineFrames.Write(output, JsonSerializer.SerializeToUtf8Bytes(words));
            }

            return 0;
        }
        catch (Exception fault) when (fault is InvalidOperationException or IOException or InvalidDataException)
        {
            Console.Error.WriteLine(fault.Message);
            return 1;
        }
    }

    /// <summary>
    /// The input is read while the decoder works: when whoever started this program is gone, so is this program, in the middle of a chunk too.
    /// </summary>
    private static IEnumerable<byte[]> Chunks(Stream input)
    {
        var chunks = new BlockingCollection<byte[]>();
        new Thread(() =>
        {
            try
            {
                while (EngineFrames.Read(input) is { } samples)
                    chunks.Add(samples);
            }
            catch (Exception fault) when (fault is IOException or InvalidDataException)
            {
                Console.Error.WriteLine(fault.Message);
                Environment.Exit(1);
            }

            Environment.Exit(0);
        })
        { IsBackground = true, Name = "Input" }.Start();
        return chunks.GetConsumingEnumerable();
    }
}
