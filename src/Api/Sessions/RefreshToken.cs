using System.Buffers.Text;
using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Sessions;

namespace AX2Caption.Api.Sessions;

/// <summary>
/// A refresh token: the session's id, 16 bytes that all tokens of the session share, and 32 of its own, in base64url. To clients it
/// is opaque; nobody stores it but they.
/// </summary>
internal sealed record RefreshToken(Guid SessionId, byte[] FamilySecret, byte[] TokenSecret)
{
    private const int IdBytes = 16;
    private const int FamilyBytes = 16;
    private const int TokenBytes = 32;

    /// <summary>Characters of a token.</summary>
    public const int Length = 86;

    public static RefreshToken New(TimeProvider time) => new(
        Guid.CreateVersion7(time.GetUtcNow()), RandomNumberGenerator.GetBytes(FamilyBytes), RandomNumberGenerator.GetBytes(TokenBytes));

    /// <returns>Null if it is none.</returns>
    public static RefreshToken? Read(string? text)
    {
        Span<byte> bytes = stackalloc byte[IdBytes + FamilyBytes + TokenBytes];
        return text?.Length == Length && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length
            ? new RefreshToken(
                new Guid(bytes[..IdBytes], bigEndian: true), bytes[IdBytes..(IdBytes + FamilyBytes)].ToArray(), bytes[(IdBytes + FamilyBytes)..].ToArray())
            : null;
    }

    /// <summary>The session to be started with it.</summary>
    public NewSession Session() => new(SessionId, SHA256.HashData(FamilySecret), SHA256.HashData(TokenSecret));

    public string Text() => Base64Url.EncodeToString([.. SessionId.ToByteArray(bigEndian: true), .. FamilySecret, .. TokenSecret]);

    /// <summary>A token is not to be printed by accident, as records would be.</summary>
    public override string ToString() => $"a token of session {SessionId}";
}
