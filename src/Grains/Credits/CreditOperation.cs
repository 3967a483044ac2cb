using System.Buffers.Binary;
using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Identity;
using AX2Caption.Grains.Time;

namespace AX2Caption.Grains.Credits;

/// <summary>An operation as the core decides it.</summary>
/// <param name="OpId">Its name; the same name with the same request is the same operation.</param>
/// <param name="Kind">What is to happen; also the kind of its entry.</param>
/// <param name="HoldId">The hold concerned, for the kinds that have one.</param>
/// <param name="Amount">Credits; null where the kind takes none, or all that there is.</param>
/// <param name="ExpiresAt">The end of the grant or hold.</param>
/// <param name="Reason">For the ledger.</param>
internal sealed record CreditOperation(
    Guid OpId, CreditEntryKind Kind, Guid? HoldId, long? Amount, DateTimeOffset? ExpiresAt, string Reason)
{
    public const int MaximumReasonLength = 200;
    public const int MaximumActorLength = 100;

    public GrantSource? Source { get; init; }

    public Guid? GrantId { get; init; }

    public string? Actor { get; init; }

    public static CreditOperation Of(GrantCredits c) => new(c.OpId, CreditEntryKind.Grant, null, c.Amount, Cut(c.ExpiresAt), Cut(c.Reason))
    {
        Source = c.Source,
        Actor = CutActor(c.Actor),
    };

    public static CreditOperation Of(ReserveCredits c) =>
        new(c.OpId, CreditEntryKind.Reserve, c.HoldId, c.Amount, Cut(c.ExpiresAt), Cut(c.Reason));

    public static CreditOperation Of(ExtendHold c) => new(c.OpId, CreditEntryKind.Extend, c.HoldId, null, Cut(c.ExpiresAt), Cut(c.Reason));

    public static CreditOperation Of(SettleHold c) => new(c.OpId, CreditEntryKind.Settle, c.HoldId, c.Amount, null, Cut(c.Reason));

    public static CreditOperation Of(ReleaseHold c) => new(c.OpId, CreditEntryKind.Release, c.HoldId, null, null, Cut(c.Reason));

    public static CreditOperation Of(RefundCredits c) => new(c.OpId, CreditEntryKind.Refund, c.HoldId, c.Amount, null, Cut(c.Reason))
    {
        Actor = CutActor(c.Actor),
    };

    public static CreditOperation Of(AdjustCredits c) => new(c.OpId, CreditEntryKind.Adjust, null, c.Amount, null, Cut(c.Reason))
    {
        Actor = CutActor(c.Actor),
    };

    public static CreditOperation Expire(CreditHold hold) =>
        new(DerivedId.From(hold.HoldId, "expire"), CreditEntryKind.Expire, hold.HoldId, null, null, "The hold's time was over.");

    /// <param name="grant">What is left of it.</param>
    /// <param name="seq">The account's before this: a grant lapses again when a hold returns credits to it later.</param>
    public static CreditOperation Lapse(ExpiringGrant grant, long seq) =>
        new(DerivedId.From(grant.GrantId, $"lapse {seq}"), CreditEntryKind.Lapse, null, null, null, "The grant's time was over.")
        {
            GrantId = grant.GrantId,
        };

    /// <summary>
    /// What makes two requests the same: kind, hold and amount, where a grant comes from and when it lapses, how long a hold is
    /// extended. The end of a new hold, the wording and the actor of a repeat may differ: they are made anew by a caller that
    /// tries again. Stored with each entry for ever, so its bytes must not change.
    /// </summary>
    public byte[] RequestHash()
    {
        Span<byte> bytes = stackalloc byte[4 + 16 + 8 + 4 + 8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, (int)Kind);
        (HoldId ?? Guid.Empty).TryWriteBytes(bytes[4..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(bytes[20..], Amount ?? (Kind == CreditEntryKind.Refund ? long.MinValue : 0));
        if (Kind is not (CreditEntryKind.Grant or CreditEntryKind.Extend) || (ExpiresAt is null && Source is null or GrantSource.Welcome))
        {
            return SHA256.HashData(bytes[..28]);
        }

        BinaryPrimitives.WriteInt32BigEndian(bytes[28..], (int)(Source ?? 0));
        BinaryPrimitives.WriteInt64BigEndian(bytes[32..], ExpiresAt?.UtcTicks ?? 0);
        return SHA256.HashData(bytes);
    }

    /// <summary>As the ledger keeps it: the first answer is to be the one that a repeat reads back. In UTC, as it is read back.</summary>
    private static DateTimeOffset? Cut(DateTimeOffset? time) => time?.ToUniversalTime().ToMicroseconds();

    private static string Cut(string text) => Cut(text, MaximumReasonLength);

    private static string? CutActor(string? text) => text is null ? null : Cut(text, MaximumActorLength);

    /// <summary>Never between the halves of a surrogate pair, which no database could store.</summary>
    private static string Cut(string text, int length) =>
        text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
}
