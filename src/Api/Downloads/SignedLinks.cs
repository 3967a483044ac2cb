using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Sessions;
using AX2Caption.Grains.Abstractions.Videos;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Downloads;

/// <summary>
/// Links that give one file to whoever has them, until they expire: for players and caches, which can send no token. Every Api
/// signs with the same key, which follows from the pepper.
/// </summary>
internal sealed class SignedLinks(IOptions<AuthOptions> auth, IOptions<DownloadOptions> options, TimeProvider time)
{
    private const int KeyBytes = 32;

    private readonly byte[] key = HKDF.DeriveKey(
        HashAlgorithmName.SHA256, Pepper.Read(auth.Value.PepperPath), KeyBytes, info: "AX2Caption signed links"u8.ToArray());

    /// <summary>When a link that is made now expires.</summary>
    public DateTimeOffset NextExpiry() => DateTimeOffset.FromUnixTimeSeconds((time.GetUtcNow() + options.Value.LinkLifetime).ToUnixTimeSeconds());

    /// <summary>The path and query of a link.</summary>
    public string Make(Guid videoId, VideoFile file, DateTimeOffset expiresAt)
    {
        var expires = expiresAt.ToUnixTimeSeconds();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"/v1/links/videos/{videoId}/{NameOf(file)}?expires={expires}&signature={WebEncoders.Base64UrlEncode(Sign(videoId, file, expires))}");
    }

    /// <summary>Why a link does not work; null if it does.</summary>
    public ErrorResult? Refuse(Guid videoId, VideoFile file, long expires, string signature)
    {
        if (!CryptographicOperations.FixedTimeEquals(Decode(signature), Sign(videoId, file, expires)))
            return ErrorTable.LinkInvalid.Because("Ask the video's owner for a new link.");
        return time.GetUtcNow().ToUnixTimeSeconds() >= expires
            ? ErrorTable.LinkExpired.Because("Ask the video's owner for a new link.")
            : null;
    }

    /// <summary>How long a link still works.</summary>
    public TimeSpan Left(long expires) => DateTimeOffset.FromUnixTimeSeconds(expires) - time.GetUtcNow();

    public static string NameOf(VideoFile file) => file == VideoFile.Thumbnail ? "thumbnail" : "content";

    private byte[] Sign(Guid videoId, VideoFile file, long expires) =>
        HMACSHA256.HashData(key, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{videoId}/{NameOf(file)}/{expires}")));

    private static byte[] Decode(string signature)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(signature);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
