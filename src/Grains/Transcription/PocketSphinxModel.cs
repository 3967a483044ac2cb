namespace AX2Caption.Grains.Transcription;

/// <summary>The model's files, and the engine's arguments that go with them.</summary>
internal sealed class PocketSphinxModel(string folder)
{
    private string Acoustic => Path.Combine(folder, "en-us");

    private string FeatureParameters => Path.Combine(Acoustic, "feat.params");

    private string Language => Path.Combine(folder, "en-us.lm.bin");

    private string Dictionary => Path.Combine(folder, "cmudict-en-us.dict");

    /// <exception cref="FileNotFoundException">A file is missing; the message says what to install.</exception>
    public void Check()
    {
        foreach (var path in (string[])[FeatureParameters, Path.Combine(Acoustic, "mdef"), Language, Dictionary])
            if (!File.Exists(path))
                throw new FileNotFoundException(
                    $"The speech model lacks '{path}'. Install the package 'pocketsphinx-en-us', or set "
                    + $"'{PocketSphinxOptions.Section}:{nameof(PocketSphinxOptions.ModelPath)}'.", path);
    }

    public string[] Arguments() =>
    [
        // The arguments' place for a program name, which is not looked at.
        "pocketsphinx",
        "-hmm", Acoustic, "-lm", Language, "-dict", Dictionary,
        // Frames dropped as silence would be missing from the clock: word times would run ahead of the audio.
        "-remove_silence", "no",
        // The model's own parameters would override ours, so the engine gets an empty file and they are given here.
        "-featparams", "/dev/null",
        .. ModelFeatureArguments(),
        // Done in PocketSphinxFeatures, once a chunk: the engine's own running mean remembers the chunks before.
        "-cmn", "none",
    ];

    private IEnumerable<string> ModelFeatureArguments() =>
        from line in File.ReadLines(FeatureParameters)
        let parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        // "-model" is for training and no argument of the engine.
        where parts.Length == 2 && parts[0] is not ("-cmn" or "-cmninit" or "-model")
        from part in parts
        select part;
}
