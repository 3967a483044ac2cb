using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Storage;

/// <summary>Where objects are kept. Configuration section <c>Storage</c>.</summary>
public sealed class StorageOptions : IValidatableObject
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "Storage";

    /// <summary>
    /// Absolute path of the folder that holds the objects; made if it is missing. Every process that shares it runs as the same
    /// user of the operating system. No default.
    /// </summary>
    [Required(ErrorMessage = "Storage:Root must name the folder that holds the objects.")]
    public string Root { get; set; } = "";

    /// <summary>
    /// Bytes of the file system that stay free: a write that would go below counts as a full store, so that the database and the
    /// logs beside it go on working. 0 uses the disk to its end. Default 512 MiB.
    /// </summary>
    [Range(0, long.MaxValue, ErrorMessage = "Storage:MinimumFreeBytes must not be negative.")]
    public long MinimumFreeBytes { get; set; } = 512L * 1024 * 1024;

    /// <summary>How long the remains of a write that a crash cut off are kept, and how often they are looked for. Default 1 hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Storage:AbandonedWriteAge must be between a minute and 30 days.")]
    public TimeSpan AbandonedWriteAge { get; set; } = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Path.IsPathFullyQualified(Root))
            yield return new ValidationResult($"Storage:Root must be an absolute path, not '{Root}'.", [nameof(Root)]);
    }
}
