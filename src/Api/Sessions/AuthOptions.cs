using System.ComponentModel.DataAnnotations;

namespace AX2Caption.Api.Sessions;

/// <summary>Section <c>Auth</c>: the access tokens, and what keeps passwords apart from their hashes.</summary>
internal sealed class AuthOptions
{
    /// <summary>
    /// Folder with the ES256 private keys that sign access tokens, the same for every Api; <c>create-signing-key</c> makes the first one,
    /// <c>rotate-signing-key</c> the next. Required.
    /// </summary>
    [Required(ErrorMessage = "Auth:SigningKeyFolder is missing: the folder that 'create-signing-key FOLDER' makes a key in.")]
    public string SigningKeyFolder { get; set; } = "";

    /// <summary>
    /// File with the secret that passwords are keyed with before they are hashed, the same for every Api; <c>create-pepper</c> makes it. Who loses it
    /// loses every password. Required.
    /// </summary>
    [Required(ErrorMessage = "Auth:PepperPath is missing: the file that 'create-pepper PATH' makes.")]
    public string PepperPath { get; set; } = "";

    /// <summary>The <c>iss</c> of tokens. Default <c>ax2caption</c>.</summary>
    [Required(ErrorMessage = "Auth:Issuer must not be empty.")]
    public string Issuer { get; set; } = "ax2caption";

    /// <summary>The <c>aud</c> of tokens. Default <c>ax2caption-api</c>.</summary>
    [Required(ErrorMessage = "Auth:Audience must not be empty.")]
    public string Audience { get; set; } = "ax2caption-api";

    /// <summary>How long an access token is good for, if its session lives. Default 15 min, which is also the most; 1 s at least.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:15:00", ErrorMessage = "Auth:AccessTokenLifetime must be between 00:00:01 and 00:15:00.")]
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How far clocks may be apart when a token's lifetime is checked. Default 30 s, 0 to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00", ErrorMessage = "Auth:ClockSkew must be between 00:00:00 and 00:05:00.")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a new key is published before it signs: every Api has read it by then, and every copy of the key set that others keep is out of date.
    /// Default 15 min; 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", ErrorMessage = "Auth:KeyPublicationDelay must be between 00:00:00 and 1.00:00:00.")]
    public TimeSpan KeyPublicationDelay { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often the folder is read again. Default 1 min; 0.1 s to 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00", ErrorMessage = "Auth:KeyReloadInterval must be between 00:00:00.1 and 00:10:00.")]
    public TimeSpan KeyReloadInterval { get; set; } = TimeSpan.FromMinutes(1);
}
