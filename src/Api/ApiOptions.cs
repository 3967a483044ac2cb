using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api;

/// <summary>Section <c>Api</c>: where the API listens.</summary>
internal sealed class ApiOptions
{
    /// <summary>The address to listen on. Default <c>http://127.0.0.1:8080</c>; TLS ends at a proxy in front of it.</summary>
    [Required(ErrorMessage = "Api:Url must not be empty.")]
    [RegularExpression(@"http://[^/\s]+:\d{1,5}/?", ErrorMessage = "Api:Url must look like http://127.0.0.1:8080.")]
    public string Url { get; set; } = "http://127.0.0.1:8080";
}
