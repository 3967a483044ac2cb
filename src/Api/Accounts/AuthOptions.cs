using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Accounts;

/// <summary>Section <c>Auth</c>: the access tokens.</summary>
internal sealed class AuthOptions
{
    /// <summary>PEM file with the ES256 private key that signs access tokens; <c>create-signing-key</c> makes one. Required.</summary>
    [Required(ErrorMessage = "Auth:SigningKeyPath is missing: the key file that 'create-signing-key PATH' makes.")]
    public string SigningKeyPath { get; set; } = "";

    /// <summary>The <c>iss</c> of tokens. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Auth:Issuer must not be empty.")]
    public string Issuer { get; set; } = "ax2caption";

    /// <summary>The <c>aud</c> of tokens. Default <c>ax2caption-api</c>.</summary>
    [Required(ErrorMessage = "Auth:Audience must not be empty.")]
    public string Audience { get; set; } = "ax2caption-api";

    /// <summary>How long an access token is good for. Default 24 h, since a guest cannot renew it; 1 min to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00", ErrorMessage = "Auth:AccessTokenLifetime must be between 00:01:00 and 30.00:00:00.")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How far clocks may be apart when a token's lifetime is checked. Default 30 s, 0 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Auth:ClockSkew must be between 00:00:00 and 00:05:00.")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);
}
