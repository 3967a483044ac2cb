using System.ComponentModel.DataAnnotations;
using System.Globalization;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Silo.Hosting;

/// <summary>Section <c>ConnectionStrings</c>, of which the host and most commands need one.</summary>
internal sealed class DatabaseOptions : IValidatableObject
{
    /// <summary>The configuration section.</summary>
    public const string Section = "ConnectionStrings";

    /// <summary>PostgreSQL, with a role that is a member of <c>ax2_silo</c>. Required.</summary>
    public string? Silo { get; set; }

    /// <summary>The connection string with the name by which its connections are known on the server, and with what holds for all of them.</summary>
    public string Named(string applicationName, ConnectionSettings all)
    {
        var settings = PooledConnection.Of(Silo);
        settings.ApplicationName = applicationName;
        // Of what is set twice PostgreSQL takes the last.
        var milliseconds = ((long)all.IdleInTransactionTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        settings.Options = $"{settings.Options} -c idle_in_transaction_session_timeout={milliseconds}".Trim();
        return settings.ConnectionString;
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(Silo))
            yield return new ValidationResult($"{Section}:{nameof(Silo)} is missing: set it to the silo's role on PostgreSQL.");
        else if (!IsConnectionString(Silo))
            yield return new ValidationResult($"{Section}:{nameof(Silo)} must look like 'Host=…;Username=…;Password=…;Database=…'.");
    }

    /// <summary>Why it is none is not said: it may hold the password.</summary>
    private static bool IsConnectionString(string text)
    {
        try
        {
            return new NpgsqlConnectionStringBuilder(text).Host is { Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            return false;
        }
    }
}
