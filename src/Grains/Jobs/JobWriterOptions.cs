using System.ComponentModel.DataAnnotations;
using AX2Caption.Grains.Database;

namespace AX2Caption.Grains.Jobs;

/// <summary>How changes of jobs are gathered and written; section <c>Jobs:Writer</c>.</summary>
public sealed class JobWriterOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Jobs:Writer";

    /// <summary>
    /// How long a statement on jobs and tasks waits for a row that another transaction holds; then it fails, alone, and is to be repeated.
    /// A commit of many waits twice, so at most half of the 30 s after which callers give up. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:15", ErrorMessage = "Jobs:Writer:LockTimeout must be between 00:00:00.100 and 00:00:15.")]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// New jobs that may wait on a silo to be written, and changes of jobs that may; more are refused as unavailable, and callers
    /// repeat. Default 40,000.
    /// </summary>
    [Range(1, 1_000_000, ErrorMessage = "Jobs:Writer:MaximumPending must be between 1 and 1000000.")]
    public int MaximumPending { get; set; } = 40_000;

    /// <summary>
    /// From the beginning of a commit that jobs shared to that of the next one, at least: under load more share each, which costs less for each of them.
    /// Who is alone waits for nobody. Default 10 ms.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01", ErrorMessage = "Jobs:Writer:Pace must be between 00:00:00 and 00:00:01.")]
    public TimeSpan Pace { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>How the changes of a silo's jobs go together.</summary>
    // Five times what a commit takes at most: one that takes longer waits for a row that somebody holds.
    internal GroupLimits Sharing => new(Maximum: 256, MaximumPending, Patience: TimeSpan.FromMilliseconds(50), Pace);
}
