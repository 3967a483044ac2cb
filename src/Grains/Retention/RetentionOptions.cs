using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Retention;

/// <summary>How long videos stay, beside what plans say of it; section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>How long a video stays at least after its pin was taken off, however old it is. Default 1 day; 0 gives none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan StayAfterUnpinning { get; set; } = TimeSpan.FromDays(1);
}
