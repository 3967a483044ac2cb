using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Cluster;

/// <summary>Section <c>ConnectionStrings</c>: where the cluster's membership is kept.</summary>
internal sealed class DatabaseOptions
{
    /// <summary>PostgreSQL, with the role that can read Orleans' membership and nothing else. Required.</summary>
    [Required(ErrorMessage = "ConnectionStrings:Api is missing: the PostgreSQL connection of the Api's role.")]
    public string Api { get; set; } = "";
}
