using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.AuditLog;

/// <summary>The record of who did what; section <c>AuditLog</c>.</summary>
public sealed class AuditLogOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AuditLog";

    /// <summary>How long an event is kept. Default 365 days; 1 day to 10 years.</summary>
    [Range(typeof(TimeSpan), "1.00:00:00", "3650.00:00:00", ErrorMessage = "AuditLog:KeepFor must be between 1.00:00:00 and 3650.00:00:00.")]
    public TimeSpan KeepFor { get; set; } = TimeSpan.FromDays(365);
}
