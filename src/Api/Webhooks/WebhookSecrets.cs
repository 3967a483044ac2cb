using System.Security.Cryptography;

namespace AX2Caption.Api.Webhooks;

/// <summary>Secrets that events are signed with, as the Standard Webhooks convention writes them.</summary>
internal static class WebhookSecrets
{
    private const int Length = 32;
    private const string Prefix = "whsec_";

    public static byte[] Draw() => RandomNumberGenerator.GetBytes(Length);

    public static string Show(byte[] secret) => $"{Prefix}{Convert.ToBase64String(secret)}";
}
