using System.Text.Json;
using System.Text.Json.Serialization;

namespace AX2Caption.Grains.Work;

/// <summary>What a task needs to know; stored as JSON with the task, so members are only ever added.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(Probe), "probe")]
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(Transcribe), "transcribe")]
[JsonDerivedType(typeof(Compose), "compose")]
internal abstract record TaskInput
{
    // Audio is extracted so many times faster than it is recognised.
    private const long ExtractionSpeed = 20;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    // PostgreSQL's jsonb keeps no order of its members.
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { AllowOutOfOrderMetadataProperties = true };

    private TaskInput()
    {
    }

    [JsonIgnore]
    public abstract TaskKind Kind { get; }

    /// <summary>What it uses of the workers, as the media that could be recognised meanwhile; at least a second.</summary>
    [JsonIgnore]
    public abstract TimeSpan Cost { get; }

    public static TaskInput Parse(string json) => JsonSerializer.Deserialize<TaskInput>(json, Json) ?? throw new JsonException("A task's input is null.");

    /// <summary>Null if it is none of the types above, which one of a newer version may be.</summary>
    public static TaskInput? TryParse(string json)
    {
        try
        {
            return Parse(json);
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    private static TimeSpan AtLeast(long milliseconds) => TimeSpan.FromMilliseconds(Math.Max(milliseconds, (long)Least.TotalMilliseconds));

    /// <param name="ObjectKey">Where the upload is.</param>
    /// <param name="ReadyKey">Where it goes when it can be captioned.</param>
    /// <param name="MaximumDurationMs">The longest audio that the owner's plan allows; null for no other bound than the worker's own.</param>
    /// <param name="Sha256">The hash of its bytes, if somebody saw all of them pass.</param>
    /// <param name="ThumbnailKey">Where a picture of it goes; null if none is wanted.</param>
    public sealed record Probe(
        string ObjectKey, string ReadyKey, long? MaximumDurationMs = null, byte[]? Sha256 = null, string? ThumbnailKey = null) : TaskInput
    {
        [JsonIgnore]
        public override TaskKind Kind => TaskKind.Probe;

        [JsonIgnore]
        public override TimeSpan Cost => Least;
    }

    /// <param name="VideoKey">The source's object.</param>
    /// <param name="AudioStream">Index of the audio stream in the file.</param>
    /// <param name="DurationMs">The measured length of that audio.</param>
    public sealed record Prepare(string VideoKey, int AudioStream, long DurationMs) : TaskInput
    {
        [JsonIgnore]
        public override TaskKind Kind => TaskKind.Prepare;

        [JsonIgnore]
        public override TimeSpan Cost => AtLeast(DurationMs / ExtractionSpeed);
    }

    /// <param name="AudioKey">The job's extracted audio.</param>
    /// <param name="StartMs">The chunk's start in it.</param>
    /// <param name="EndMs">The chunk's end.</param>
    /// <param name="Language">BCP 47 tag of the speech.</param>
    /// <param name="Engine">Name of the engine; null for whichever the worker has for the language.</param>
    public sealed record Transcribe(string AudioKey, long StartMs, long EndMs, string Language, string? Engine = null) : TaskInput
    {
        [JsonIgnore]
        public override TaskKind Kind => TaskKind.Transcribe;

        [JsonIgnore]
        public override TimeSpan Cost => AtLeast(EndMs - StartMs);
    }

    /// <param name="Language">BCP 47 tag of the speech.</param>
    /// <param name="Profile">Name of the layout profile.</param>
    /// <param name="DurationMs">The media's length.</param>
    public sealed record Compose(string Language, string Profile, long DurationMs) : TaskInput
    {
        [JsonIgnore]
        public override TaskKind Kind => TaskKind.Compose;

        [JsonIgnore]
        public override TimeSpan Cost => Least;
    }
}
