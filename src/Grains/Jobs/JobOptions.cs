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

    /// <summary>Jobs of media no longer than this are urgent: they go before the others of their account, and workers are kept for them. Default 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Jobs:UrgentUpTo must be between 00:00:00 and 1.00:00:00.")]
    public TimeSpan UrgentUpTo { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many times faster than it is spoken a job is expected to be recognised before this silo has seen one of its language, by
    /// all workers together. Estimates begin with it. Default 7; 0.01 to 10,000.
    /// </summary>
    [Range(0.01, 10_000.0, ErrorMessage = "Jobs:ExpectedSpeed must be between 0.01 and 10000.")]
    public double ExpectedSpeed { get; set; } = 7;
}
