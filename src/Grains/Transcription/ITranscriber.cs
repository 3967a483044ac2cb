using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription;

/// <summary>A speech engine. Asking it for its name and languages costs nothing and loads nothing.</summary>
internal interface ITranscriber
{
    /// <summary>Its name, for example <c>pocketsphinx</c>: stored with what it recognised.</summary>
    string Engine { get; }

    /// <summary>The BCP 47 primary language subtags it recognises, for example <c>en</c>.</summary>
    IReadOnlyList<string> Languages { get; }

    /// <summary>Recognises a chunk. The same audio gives the same words, whatever was recognised before it.</summary>
    /// <param name="audio">The chunk.</param>
    /// <param name="language">A BCP 47 tag whose primary subtag is one of <see cref="Languages"/>.</param>
    /// <param name="cancellationToken">Ends the recognition.</param>
    /// <returns>The words in order, their times from the start of the chunk and within it, none overlapping.</returns>
    Task<IReadOnlyList<Word>> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken);

    /// <summary>Throws, with a sentence that says what to do, if the engine cannot work.</summary>
    Task CheckHealth(CancellationToken cancellationToken);
}
