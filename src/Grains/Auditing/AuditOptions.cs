using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Auditing;

/// <summary>How a running silo audits the accounts that it has changed; section <c>Audit</c>.</summary>
public sealed class AuditOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Audit";

    /// <summary>How often. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00", ErrorMessage = "Audit:Interval must be between 00:00:00.100 and 01:00:00.")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many of an account's last entries are read each time. Default 200.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Audit:Depth must be between 1 and 1000000.")]
    public long Depth { get; set; } = 200;

    /// <summary>Accounts that are audited by one snapshot; the others that have changed follow at once. Default 500.</summary>
    [Range(1, 100_000, ErrorMessage = "Audit:AccountsPerRound must be between 1 and 100000.")]
    public int AccountsPerRound { get; set; } = 500;

    /// <summary>Changed accounts that wait for their turn; what comes on top is left to the audit on demand. Default 100,000.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Audit:MaximumRemembered must be between 1 and 10000000.")]
    public int MaximumRemembered { get; set; } = 100_000;
}
