using AX2Caption.Grains.Abstractions.Credits;
using AX2Caption.Grains.Credits;

namespace AX2Caption.Grains.Tests.Credits;

/// <summary>Credit operations under new ids.</summary>
internal static class Operations
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CreditOperation Grant(long amount) => New(CreditEntryKind.Grant, null, amount);

    public static CreditOperation Reserve(Guid holdId, long amount, DateTimeOffset? expiresAt = null) =>
        New(CreditEntryKind.Reserve, holdId, amount) with { ExpiresAt = expiresAt ?? Now.AddDays(1) };

    public static CreditOperation Settle(Guid holdId, long amount) => New(CreditEntryKind.Settle, holdId, amount);

    public static CreditOperation Release(Guid holdId) => New(CreditEntryKind.Release, holdId, 0);

    public static CreditOperation Expire(Guid holdId) => New(CreditEntryKind.Expire, holdId, 0);

    private static CreditOperation New(CreditEntryKind kind, Guid? holdId, long amount) =>
        new(Guid.CreateVersion7(), kind, holdId, amount, null, "A test.");
}
