using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Grains.Passwords;

/// <summary>How passwords are hashed; section <c>Passwords</c>.</summary>
public sealed class PasswordOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Passwords";

    /// <summary>bcrypt's work factor: each step doubles the time, 12 is about a quarter of a second. Default 12; 4 to 16. Raised, it reaches a hash at the member's next sign-in.</summary>
    [Range(4, 16, ErrorMessage = "Passwords:WorkFactor must be between 4 and 16.")]
    public int WorkFactor { get; set; } = 12;

    /// <summary>Passwords that one silo hashes at once, each on a processor of its own. Default half of the processors, at least one; 1 to 64.</summary>
    [Range(1, 64, ErrorMessage = "Passwords:MaximumConcurrent must be between 1 and 64.")]
    public int MaximumConcurrent { get; set; } = Math.Clamp(Environment.ProcessorCount / 2, 1, 64);

    /// <summary>Passwords that may wait for that; what comes on top is refused at once. Default 32; 0 to 10,000.</summary>
    [Range(0, 10_000, ErrorMessage = "Passwords:MaximumWaiting must be between 0 and 10000.")]
    public int MaximumWaiting { get; set; } = 32;
}
