using System.Security.Cryptography;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Accounts;

/// <summary>Says at the start, with all other bad settings, that the signing key cannot be used.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        if (options.SigningKeyPath.Length == 0)
            return ValidateOptionsResult.Skip;
        try
        {
            SigningKey.Read(options.SigningKeyPath);
            return ValidateOptionsResult.Success;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            return ValidateOptionsResult.Fail(
                $"Auth:SigningKeyPath: '{options.SigningKeyPath}' is not a readable ES256 private key in PEM ({exception.Message}).");
        }
    }
}
