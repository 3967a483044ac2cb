using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Grains.Accounts;

/// <summary>A link to be mailed: 256 random bits in base64url, and their hash, which is all that is stored.</summary>
internal sealed record AccountLink(string Secret, byte[] Hash)
{
    private const int SecretBytes = 32;

    public static AccountLink New()
    {
        var secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));
        return new AccountLink(secret, SHA256.HashData(Encoding.ASCII.GetBytes(secret)));
    }
}
