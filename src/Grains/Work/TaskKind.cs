namespace AX2Caption.Grains.Work;

/// <summary>Kinds of tasks; the names are stored.</summary>
internal enum TaskKind
{
    /// <summary>Look into an uploaded file.</summary>
    Probe,

    /// <summary>Extract the audio and plan its chunks.</summary>
    Prepare,

    /// <summary>Recognise one chunk.</summary>
    Transcribe,

    /// <summary>Turn the words of all chunks into captions.</summary>
    Compose,
}
