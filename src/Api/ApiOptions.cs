using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api;

/// <summary>Section <c>Api</c>: where the API listens.</summary>
internal sealed class ApiOptions
{
    /// <summary>
    /// The address to listen on, or several with <c>;</c> between them. Default <c>http://127.0.0.1:8080</c>, for a proxy that ends
    /// TLS. An <c>https://</c> one needs the certificate <c>Kestrel:Certificates:Default:Path</c> (and <c>:KeyPath</c> or <c>:Password</c>).
    /// </summary>
    [Required(ErrorMessage = "Api:Url must not be empty.")]
    [RegularExpression(@"https?://[^/\s;]+:\d{1,5}/?(;https?://[^/\s;]+:\d{1,5}/?)*", ErrorMessage = "Api:Url must look like http://127.0.0.1:8080.")]
    public string Url { get; set; } = "http://127.0.0.1:8080";
}
