using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Grains.Tests.Passwords;

/// <summary>What the Api hands over in place of a password: 64 characters of base64.</summary>
internal static class Digests
{
    public static string Of(string password) =>
        Convert.ToBase64String(HMACSHA384.HashData("a test's pepper"u8, Encoding.UTF8.GetBytes(password.Normalize(NormalizationForm.FormC))));
}
