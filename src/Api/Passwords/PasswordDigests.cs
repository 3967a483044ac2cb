using System.Security.Cryptography;
using System.Text;
using AX2Caption.Api.Sessions;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Passwords;

/// <summary>
/// What stands for a password from here on: its HMAC-SHA-384 under the pepper, in base64. That is 64 ASCII characters whatever
/// the password's length and script, so that bcrypt, which reads 72 bytes and no more, reads all of it; and the password itself
/// never leaves this process.
/// </summary>
internal sealed class PasswordDigests(IOptions<AuthOptions> options)
{
    private readonly byte[] pepper = Pepper.Read(options.Value.PepperPath);

    /// <param name="password">As it was typed. Some systems type a Hangul syllable as one character, some as its parts: form C makes them one.</param>
    public string Of(string password) =>
        Convert.ToBase64String(HMACSHA384.HashData(pepper, Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC))));
}
