using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>Credit operations under new ids.</summary>
internal static class Operations
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CreditOperation Grant(long amount, DateTimeOffset? expiresAt = null) =>
        New(CreditEntryKind.Grant, null, amount) with { ExpiresAt = expiresAt, Source = GrantSource.Promotion };

    public static CreditOperation Reserve(Guid holdId, long amount, DateTimeOffset? expiresAt = null) =>
        New(CreditEntryKind.Reserve, holdId, amount) with { ExpiresAt = expiresAt ?? Now.AddDays(1) };

    public static CreditOperation Extend(Guid holdId, DateTimeOffset expiresAt) =>
        New(CreditEntryKind.Extend, holdId, null) with { ExpiresAt = expiresAt };

    public static CreditOperation Settle(Guid holdId, long amount) => New(CreditEntryKind.Settle, holdId, amount);

    public static CreditOperation Release(Guid holdId) => New(CreditEntryKind.Release, holdId, null);

    public static CreditOperation Expire(Guid holdId) => New(CreditEntryKind.Expire, holdId, null);

    public static CreditOperation Refund(Guid holdId, long? amount) => New(CreditEntryKind.Refund, holdId, amount) with { Actor = "ada" };

    public static CreditOperation Adjust(long amount) => New(CreditEntryKind.Adjust, null, amount) with { Actor = "ada" };

    private static CreditOperation New(CreditEntryKind kind, Guid? holdId, long? amount) =>
        new(Guid.CreateVersion7(), kind, holdId, amount, null, "A test.");
}
