namespace AX2Caption.Grains.Credits;

/// <summary>How much one account may have open at once; what is open is kept in memory.</summary>
internal sealed record CreditLimits(int OpenHolds, int ExpiringGrants)
{
    public static CreditLimits None { get; } = new(int.MaxValue, int.MaxValue);
}
