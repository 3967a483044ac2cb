using System.Buffers.Binary;
using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Identity;

namespace AX2Caption.Grains.Credits;

/// <summary>An operation as the core decides it.</summary>
internal sealed record CreditOperation(
    Guid OpId, CreditEntryKind Kind, Guid? HoldId, long Amount, DateTimeOffset? ExpiresAt, string Reason)
{
    public const int MaximumReasonLength = 200;

    public static CreditOperation Of(GrantCredits c) => new(c.OpId, CreditEntryKind.Grant, null, c.Amount, null, Cut(c.Reason));

    public static CreditOperation Of(ReserveCredits c) =>
        new(c.OpId, CreditEntryKind.Reserve, c.HoldId, c.Amount, c.ExpiresAt, Cut(c.Reason));

    public static CreditOperation Of(SettleHold c) => new(c.OpId, CreditEntryKind.Settle, c.HoldId, c.Amount, null, Cut(c.Reason));

    public static CreditOperation Of(ReleaseHold c) => new(c.OpId, CreditEntryKind.Release, c.HoldId, 0, null, Cut(c.Reason));

    public static CreditOperation Expire(CreditHold hold) =>
        new(DerivedId.From(hold.HoldId, "expire"), CreditEntryKind.Expire, hold.HoldId, 0, null, "The hold's time was over.");

    /// <summary>
    /// What makes two requests the same: kind, hold and amount. The expiry and the wording of a repeat may differ, since
    /// both are made anew by a caller that tries again.
    /// </summary>
    public byte[] RequestHash()
    {
        Span<byte> bytes = stackalloc byte[4 + 16 + 8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)Kind);
        (HoldId ?? Guid.Empty).TryWriteBytes(bytes[4..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], Amount);
        return SHA256.HashData(bytes);
    }

    private static string Cut(string reason) => reason.Length <= MaximumReasonLength ? reason : reason[..MaximumReasonLength];
}
