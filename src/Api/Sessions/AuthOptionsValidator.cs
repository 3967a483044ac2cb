using System.Security.Cryptography;
using AX2Caption.Api.Passwords;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Sessions;

/// <summary>Says at the start, with all other bad settings, which secrets cannot be used.</summary>
internal sealed class AuthOptionsValidator : IValidateOptions<AuthOptions>
{
    public ValidateOptionsResult Validate(string? name, AuthOptions options)
    {
        var failures = new List<string>();
        if (options.SigningKeyFolder.Length > 0)
            Try(() => SigningKeyFolder.Read(options.SigningKeyFolder), failures, "Auth:SigningKeyFolder", options.SigningKeyFolder);
        if (options.PepperPath.Length > 0)
            Try(() => Pepper.Read(options.PepperPath), failures, "Auth:PepperPath", options.PepperPath);
        return failures is [] ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Try(Action read, List<string> failures, string setting, string path)
    {
        try
        {
            read();
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or FormatException)
        {
            failures.Add($"{setting}: '{path}' cannot be used ({exception.Message}).");
        }
    }
}
