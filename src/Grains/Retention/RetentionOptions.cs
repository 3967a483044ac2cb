using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Retention;

/// <summary>How long videos stay, beside what plans say of it; section <c>Retention</c>.</summary>
public sealed class RetentionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Retention";

    /// <summary>How long a video stays at least after its pin was taken off, however old it is. Default 1 day; 0 gives none.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00", ErrorMessage = "Retention:StayAfterUnpinning must be between 00:00:00 and 3650.00:00:00.")]
    public TimeSpan StayAfterUnpinning { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// When it is looked once more for objects of a deleted video: an Api may still have been receiving it, or a store carrying out what
    /// it was asked. Longer than an upload in one request may take. Default 3 h.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Retention:LookAgainAfter must be between 00:00:01 and 30.00:00:00.")]
    public TimeSpan LookAgainAfter { get; set; } = TimeSpan.FromHours(3);
}
