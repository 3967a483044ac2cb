using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Sessions;

/// <summary>How long devices stay signed in; section <c>Sessions</c>.</summary>
public sealed class SessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Sessions";

    /// <summary>A session that is not refreshed for so long ends. Default 30 days; 1 hour to 400 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00", ErrorMessage = "Sessions:IdleLifetime must be between 01:00:00 and 400.00:00:00.")]
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>A session ends so long after it began, however busy it is. Default 90 days; 1 hour to 400 days.</summary>
    [Range(typeof(TimeSpan), "01:00:00", "400.00:00:00", ErrorMessage = "Sessions:AbsoluteLifetime must be between 01:00:00 and 400.00:00:00.")]
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>For how long after a refresh the token before is answered with the same successor. Default 30 s; 1 s to 60 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ErrorMessage = "Sessions:ParentGrace must be between 00:00:01 and 00:01:00.")]
    public TimeSpan ParentGrace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Refreshes in a row of which each was asked for by two, before the next such one counts as theft: a thief who follows the owner
    /// within the grace each time cannot do so for ever. Default 20; 1 to 1,000.
    /// </summary>
    [Range(1, 1000, ErrorMessage = "Sessions:MaximumReplaysInRow must be between 1 and 1000.")]
    public int MaximumReplaysInRow { get; set; } = 20;
}
