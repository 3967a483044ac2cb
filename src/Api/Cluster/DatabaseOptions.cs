using System.ComponentModel.DataAnnotations;
using Npgsql;

namespace AX2Caption.Api.Cluster;

/// <summary>Section <c>ConnectionStrings</c>: where the cluster's membership is kept.</summary>
internal sealed class DatabaseOptions : IValidatableObject
{
    /// <summary>PostgreSQL, with the role that can read Orleans' membership and nothing else. Required.</summary>
    [Required(ErrorMessage = "ConnectionStrings:Api is missing: the PostgreSQL connection of the Api's role.")]
    public string Api { get; set; } = "";

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsConnectionString(Api))
            yield return new ValidationResult("ConnectionStrings:Api must look like 'Host=…;Username=…;Password=…;Database=…'.");
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
