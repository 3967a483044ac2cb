using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Signs events by the Standard Webhooks convention, version 1.0: symmetric, <c>v1</c>.</summary>
internal static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <param name="eventId">The event's id, which stays when it is sent again.</param>
    /// <param name="timestamp">The time of the attempt, in seconds since 1970.</param>
    /// <param name="body">What is sent.</param>
    /// <param name="secrets">One, or the new one and the one before.</param>
    /// <returns>The header's value: a signature by each of the secrets.</returns>
    public static string Sign(Guid eventId, long timestamp, ReadOnlySpan<byte> body, IReadOnlyList<byte[]> secrets)
    {
        byte[] signed = [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{eventId}.{timestamp}.")), .. body];
        return string.Join(' ', secrets.Select(secret => $"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret, signed))}"));
    }
}
