using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Jobs;

/// <summary>Limits of jobs; section <c>Jobs</c>.</summary>
public sealed class JobOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Jobs";

    /// <summary>A job that has not ended by then, counted from its submission, fails and its credits return. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00", ErrorMessage = "Jobs:Deadline must be between 00:00:01 and 30.00:00:00.")]
    public TimeSpan Deadline { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Live jobs that an account may have at once. Default 20.</summary>
    [Range(1, 100_000, ErrorMessage = "Jobs:MaximumLiveJobsPerAccount must be between 1 and 100000.")]
    public int MaximumLiveJobsPerAccount { get; set; } = 20;
}
