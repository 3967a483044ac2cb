using System.Diagnostics;

namespace AX2Caption.Testing;

/// <summary>Sample media with human speech whose words are known: five public-domain LibriVox sentences of pocketsphinx-testdata.</summary>
public static class SampleSpeech
{
    private const string Folder = "/usr/share/pocketsphinx/test/data/librivox";

    /// <summary>The silence after each sentence of a sample.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.7);

    /// <summary>The sentences in the order in which they are spoken.</summary>
    public static IReadOnlyList<SpokenSentence> Sentences { get; } = ReadSentences();

    /// <summary>What is said in a sample.</summary>
    public static string Reference(int repetitions = 1) =>
        string.Join(' ', Enumerable.Repeat(Sentences.Select(sentence => sentence.Text), repetitions).SelectMany(texts => texts));

    /// <summary>Makes an mp4 of about half a minute: a test picture over the sentences, said as often as asked for.</summary>
    public static Task WriteVideo(string path, int repetitions = 1, CancellationToken cancellationToken = default) =>
        Ffmpeg(
            [
                .. Sentences.SelectMany(sentence => (string[])["-i", sentence.WavPath]), "-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5",
                "-filter_complex", SpeechFilter(repetitions), "-map", $"{Sentences.Count}:v", "-map", "[speech]",
                "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "64k", "-shortest", path,
            ],
            cancellationToken);

    /// <summary>Makes the sample's speech alone, in whatever container the name's extension asks for.</summary>
    public static Task WriteAudio(string path, int repetitions = 1, CancellationToken cancellationToken = default) =>
        Ffmpeg(
            [
                .. Sentences.SelectMany(sentence => (string[])["-i", sentence.WavPath]),
                "-filter_complex", SpeechFilter(repetitions), "-map", "[speech]", path,
            ],
            cancellationToken);

    /// <summary>Makes a two-second mp4 that has a picture only.</summary>
    public static Task WriteVideoWithoutAudio(string path, CancellationToken cancellationToken = default) =>
        Ffmpeg(["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5", "-t", "2", "-c:v", "libx264", "-preset", "ultrafast", path], cancellationToken);

    /// <summary>Writes text where a video is expected.</summary>
    public static Task WriteTextNamedAsVideo(string path, CancellationToken cancellationToken = default) =>
        File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("This is no video, whatever its name says.\n", 100)), cancellationToken);

    /// <summary>Makes the sample mp4 and cuts it off before the index at its end, as an interrupted copy would.</summary>
    public static async Task WriteTruncatedVideo(string path, CancellationToken cancellationToken = default)
    {
        await WriteVideo(path, cancellationToken: cancellationToken);
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(file.Length / 2);
    }

    /// <summary>Runs ffmpeg on files of the tests' own making, overwriting its output.</summary>
    public static async Task Ffmpeg(IEnumerable<string> arguments, CancellationToken cancellationToken = default)
    {
        using var process = Process.Start(new ProcessStartInfo("ffmpeg", ["-nostdin", "-hide_banner", "-v", "error", "-y", .. arguments])
        {
            RedirectStandardError = true,
        })!;
        await using var kill = cancellationToken.UnsafeRegister(static process => ((Process)process!).Kill(), process);
        var errors = await process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"ffmpeg could not make sample media: {errors}");
    }

    private static string SpeechFilter(int repetitions)
    {
        var sentences = string.Concat(Sentences.Select((_, i) => FormattableString.Invariant($"[{i}:a]apad=pad_dur={Pause.TotalSeconds}[s{i}];")));
        var labels = string.Concat(Sentences.Select((_, i) => $"[s{i}]"));
        return $"{sentences}{labels}concat=n={Sentences.Count}:v=0:a=1,aloop=loop={repetitions - 1}:size={int.MaxValue}[speech]";
    }

    private static List<SpokenSentence> ReadSentences()
    {
        if (!Directory.Exists(Folder))
            throw new DirectoryNotFoundException($"'{Folder}' is missing. Install the package 'pocketsphinx-testdata'.");

        // Lines such as "<s> words of the sentence </s> (name-of-the-recording)".
        return
        [
            .. from line in File.ReadLines(Path.Combine(Folder, "transcription"))
               let name = line[(line.LastIndexOf('(') + 1)..line.LastIndexOf(')')]
               let text = line["<s> ".Length..line.IndexOf(" </s>", StringComparison.Ordinal)]
               select new SpokenSentence(Path.Combine(Folder, name + ".wav"), text),
        ];
    }
}

/// <summary>A recording and what is said in it.</summary>
/// <param name="WavPath">16 kHz, one channel, 16 bit.</param>
/// <param name="Text">Lower case, without punctuation.</param>
public sealed record SpokenSentence(string WavPath, string Text);
