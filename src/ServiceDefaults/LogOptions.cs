using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Logging;

namespace AX2Caption.ServiceDefaults;

/// <summary>
/// Where logs go. Configuration section <c>Logging</c>, whose usual <c>LogLevel</c> part sets the levels: <c>Default</c> is
/// Information, <c>Microsoft</c>, <c>Orleans</c> and <c>System</c> are Warning unless it says otherwise.
/// </summary>
public sealed class LogOptions : IValidatableObject
{
    /// <summary>The configuration section these options are bound from.</summary>
    public const string Section = "Logging";

    /// <summary>Absolute path of a folder for log files, one JSON object a line. Null writes none. Default null.</summary>
    public string? Directory { get; set; }

    /// <summary>Bytes after which a new log file is begun; a new day begins one too. Default 64 MiB.</summary>
    [Range(1024, long.MaxValue, ErrorMessage = "Logging:FileSizeLimit must be at least 1024 bytes.")]
    public long FileSizeLimit { get; set; } = 64L * 1024 * 1024;

    /// <summary>How many log files each service keeps. Default 14.</summary>
    [Range(1, 10_000, ErrorMessage = "Logging:RetainedFiles must be between 1 and 10000.")]
    public int RetainedFiles { get; set; } = 14;

    /// <summary>The least level that the console shows, in words for people. <c>None</c> keeps it silent. Default Trace: all there is.</summary>
    [EnumDataType(typeof(LogLevel), ErrorMessage = "Logging:ConsoleLevel must be a log level.")]
    public LogLevel ConsoleLevel { get; set; } = LogLevel.Trace;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Directory is not null && !Path.IsPathFullyQualified(Directory))
            yield return new ValidationResult($"Logging:Directory must be an absolute path, not '{Directory}'.", [nameof(Directory)]);
    }
}
