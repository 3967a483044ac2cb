using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Transcription;

/// <summary>How long audio is cut for recognition. Section <c>Transcription:Chunks</c>.</summary>
internal sealed class ChunkOptions : IValidatableObject
{
    public const string Section = "Transcription:Chunks";

    /// <summary>The length aimed at: what a crash costs at most, and what a worker holds a lease for. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00", ErrorMessage = "Transcription:Chunks:Target must be between 00:00:02 and 00:10:00.")]
    public TimeSpan Target { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The length no chunk exceeds, but for <see cref="Overlap"/>; shorter audio without a silence is one chunk. At least <see cref="Target"/>. Default 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00", ErrorMessage = "Transcription:Chunks:Max must be between 00:00:02 and 00:10:00.")]
    public TimeSpan Max { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>The shortest quiet stretch that counts as a silence. Default 0.2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:00:10", ErrorMessage = "Transcription:Chunks:MinSilence must be between 00:00:00.01 and 00:00:10.")]
    public TimeSpan MinSilence { get; set; } = TimeSpan.FromSeconds(0.2);

    /// <summary>
    /// How much a chunk has of the next, and the next of it, where there was no silence to cut in: what both hear is put together afterwards. At most a
    /// quarter of <see cref="Target"/> is taken, on top of <see cref="Max"/>. Default 1.5 seconds; 0 turns it off.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:10", ErrorMessage = "Transcription:Chunks:Overlap must be between 00:00:00 and 00:00:10.")]
    public TimeSpan Overlap { get; set; } = TimeSpan.FromSeconds(1.5);

    /// <summary>What is taken: no more than two chunks hear anything.</summary>
    internal TimeSpan EffectiveOverlap => Overlap < Quarter ? Overlap : Quarter;

    /// <summary>In whole frames, as cuts are: no chunk but the last has less than two of these.</summary>
    private TimeSpan Quarter => (int)(Target / 4 / LoudnessCurve.Frame) * LoudnessCurve.Frame;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Max < Target)
            yield return new ValidationResult($"{Section}:{nameof(Max)} must be at least {Section}:{nameof(Target)}.", [nameof(Max)]);
    }
}
