using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Grains.Abstractions.Work;

/// <summary>What a finished task brought. Media and words stay in the object store; keys travel.</summary>
[GenerateSerializer, Immutable, Alias("ax2.TaskOutcome")]
public abstract record TaskOutcome
{
    private TaskOutcome()
    {
    }

    /// <summary>
    /// A probe found media that can be captioned, now stored under <paramref name="ObjectKey"/>. <paramref name="Files"/> are the
    /// source itself and what was made of it.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("ax2.TaskOutcome.Playable")]
    public sealed record Playable(
        [property: Id(0)] MediaSummary Media, [property: Id(1)] string ObjectKey, [property: Id(2)] IReadOnlyList<StoredFile> Files) : TaskOutcome
    {
        /// <summary>The source itself.</summary>
        public StoredFile Source => Files.Single(file => file.Key == ObjectKey);
    }

    /// <summary>A probe found that the file cannot be captioned.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.TaskOutcome.Unplayable")]
    public sealed record Unplayable([property: Id(0)] Failure Rejection) : TaskOutcome;

    /// <summary>The audio is extracted and cut into chunks.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.TaskOutcome.Prepared")]
    public sealed record Prepared([property: Id(0)] string AudioKey, [property: Id(1)] IReadOnlyList<ChunkSpan> Chunks) : TaskOutcome;

    /// <summary>
    /// A chunk's words are stored under <paramref name="WordsKey"/>. <paramref name="Length"/> is that of its audio; zero from workers
    /// that do not say.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("ax2.TaskOutcome.Transcribed")]
    public sealed record Transcribed([property: Id(0)] string WordsKey, [property: Id(1)] TimeSpan Length = default) : TaskOutcome;

    /// <summary>
    /// Transcript and captions are stored below <paramref name="OutputPrefix"/>, as <paramref name="Files"/>. <paramref name="Language"/> is the BCP 47 tag of
    /// the speech where the engine was to find it out and has; null elsewhere.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("ax2.TaskOutcome.Composed")]
    public sealed record Composed(
        [property: Id(0)] string OutputPrefix,
        [property: Id(1)] int CueCount,
        [property: Id(2)] IReadOnlyList<StoredFile> Files,
        [property: Id(3)] string? Language = null) : TaskOutcome;
}

/// <summary>A stretch of audio that is recognised in one go.</summary>
/// <param name="Ordinal">Its number, from 0.</param>
/// <param name="Start">From the start of the media.</param>
/// <param name="End">After <paramref name="Start"/>.</param>
[GenerateSerializer, Immutable, Alias("ax2.ChunkSpan")]
public sealed record ChunkSpan([property: Id(0)] int Ordinal, [property: Id(1)] TimeSpan Start, [property: Id(2)] TimeSpan End);
