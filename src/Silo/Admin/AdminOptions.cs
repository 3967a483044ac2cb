using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Silo.Admin;

/// <summary>The listener for operators: health, dashboard; section <c>Admin</c>.</summary>
public sealed class AdminOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Admin";

    /// <summary>Where it listens. Keep it off public networks. Default <c>http://127.0.0.1:8081</c>.</summary>
    [Required(ErrorMessage = "Admin:Url must not be empty.")]
    [Url(ErrorMessage = "Admin:Url must be an http address.")]
    public string Url { get; set; } = "http://127.0.0.1:8081";

    /// <summary>Password of the user <c>operator</c>, at least 12 characters. Without one the dashboard answers nobody.</summary>
    [MinLength(12, ErrorMessage = "Admin:Password must have at least 12 characters.")]
    public string? Password { get; set; }
}
