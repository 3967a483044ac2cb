namespace AX2Caption.Grains.Transcription;

/// <summary>A speech engine. Asking it for its name and languages costs nothing and loads nothing.</summary>
internal interface ITranscriber
{
    /// <summary>Its name, for example <c>pocketsphinx</c>: prices and preferences refer to it.</summary>
    string Engine { get; }

    /// <summary>The BCP 47 primary language subtags it recognises, for example <c>en</c>.</summary>
    IReadOnlyList<string> Languages { get; }

    /// <summary>Whether it finds out by itself which language is spoken.</summary>
    bool DetectsLanguage { get; }

    /// <summary>Recognises a chunk. The same audio gives the same words, whatever was recognised before it.</summary>
    /// <param name="audio">The chunk.</param>
    /// <param name="language">
    /// A BCP 47 tag whose primary subtag is one of <see cref="Languages"/>, or <see cref="LanguageSubtag.Automatic"/> if
    /// <see cref="DetectsLanguage"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the recognition.</param>
    /// <exception cref="RecognitionFailedException">It could not, for a reason that the job's owner may read.</exception>
    Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken);

    /// <summary>Throws, with a sentence that says what to do, if the engine cannot work.</summary>
    Task CheckHealth(CancellationToken cancellationToken);
}
