using System.Text.Json;
using System.Text.Json.Serialization;

namespace AX2Caption.Grains.Work;

/// <summary>What a task needs to know; stored as JSON with the task, so members are only ever added.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(Probe), "probe")]
[JsonDerivedType(typeof(Prepare), "prepare")]
[JsonDerivedType(typeof(Transcribe), "transcribe")]
[JsonDerivedType(typeof(Compose), "compose")]
internal abstract record TaskInput
{
    /// <summary>PostgreSQL keeps the members of a <c>jsonb</c> in an order of its own.</summary>
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { AllowOutOfOrderMetadataProperties = true };

    private TaskInput()
    {
    }

    [JsonIgnore]
    public TaskKind Kind => this switch
    {
        Probe => TaskKind.Probe,
        Prepare => TaskKind.Prepare,
        Transcribe => TaskKind.Transcribe,
        Compose => TaskKind.Compose,
        _ => throw new InvalidOperationException($"{GetType().Name} has no kind."),
    };

    public static TaskInput Parse(string json) => JsonSerializer.Deserialize<TaskInput>(json, Json)!;

    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <param name="ObjectKey">Where the upload is.</param>
    /// <param name="ReadyKey">Where it goes when it can be captioned.</param>
    public sealed record Probe(string ObjectKey, string ReadyKey) : TaskInput;

    /// <param name="VideoKey">The source's object.</param>
    /// <param name="AudioStream">Index of the audio stream in the file.</param>
    /// <param name="DurationMs">The measured length of that audio.</param>
    public sealed record Prepare(string VideoKey, int AudioStream, long DurationMs) : TaskInput;

    /// <param name="AudioKey">The job's extracted audio.</param>
    /// <param name="StartMs">The chunk's start in it.</param>
    /// <param name="EndMs">The chunk's end.</param>
    /// <param name="Language">BCP 47 tag of the speech.</param>
    public sealed record Transcribe(string AudioKey, long StartMs, long EndMs, string Language) : TaskInput;

    /// <param name="Language">BCP 47 tag of the speech.</param>
    /// <param name="Profile">Name of the layout profile.</param>
    /// <param name="DurationMs">The media's length.</param>
    public sealed record Compose(string Language, string Profile, long DurationMs) : TaskInput;
}
