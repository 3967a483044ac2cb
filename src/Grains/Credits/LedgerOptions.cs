using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Credits;

/// <summary>How operations on credits are gathered and written; section <c>Credits:Ledger</c>.</summary>
public sealed class LedgerOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Credits:Ledger";

    /// <summary>Operations that may wait in one account; more are refused as busy. Default 10,000.</summary>
    [Range(1, 1_000_000, ErrorMessage = "Credits:Ledger:MaximumPendingPerAccount must be between 1 and 1000000.")]
    public int MaximumPendingPerAccount { get; set; } = 10_000;

    /// <summary>Operations of one account that are decided and written together. Default 1,000.</summary>
    [Range(1, 10_000, ErrorMessage = "Credits:Ledger:MaximumPerBatch must be between 1 and 10000.")]
    public int MaximumPerBatch { get; set; } = 1_000;

    /// <summary>Entries that may wait for this silo's writer; more are refused as busy. Default 100,000.</summary>
    [Range(1, 10_000_000, ErrorMessage = "Credits:Ledger:MaximumPending must be between 1 and 10000000.")]
    public int MaximumPending { get; set; } = 100_000;

    /// <summary>Entries of all accounts at which a statement is full; the batch that passes it still goes along. Default 1,000.</summary>
    [Range(1, 10_000, ErrorMessage = "Credits:Ledger:MaximumPerCommit must be between 1 and 10000.")]
    public int MaximumPerCommit { get; set; } = 1_000;

    /// <summary>
    /// From the beginning of a statement that accounts shared to that of the next one, at least: under load more share each, which costs less for each of them.
    /// Who is alone waits for nobody. Default 10 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ErrorMessage = "Credits:Ledger:Pace must be between 00:00:00 and 00:00:01.")]
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How long a statement may take before its outcome counts as unknown. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00", ErrorMessage = "Credits:Ledger:CommitTimeout must be between 00:00:01 and 00:05:00.")]
    public TimeSpan CommitTimeout { get; set; } = TimeSpan.FromSeconds(15);
}
