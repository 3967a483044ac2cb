using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Silo.Hosting;

/// <summary>What holds for this silo's connections to the database; section <c>Database</c>.</summary>
public sealed class ConnectionSettings
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Database";

    /// <summary>
    /// How long a transaction may lie open in which nothing is asked for; then PostgreSQL ends its connection, and what it held is free. Nothing
    /// of the silo waits within a transaction for anything but the database: this is about a silo that is frozen, or gone without a word.
    /// Less than the 30 s after which callers give up, and longer than any pause of a process that is well. 1 s to 1 h. Default 10 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00", ErrorMessage = "Database:IdleInTransactionTimeout must be between 00:00:01 and 01:00:00.")]
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
