using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>A hold that has not ended, or has ended just now, with the grants that its credits came from.</summary>
/// <param name="Hold">The hold.</param>
/// <param name="Shares">What came out of grants that lapse, what lapses first coming first; the rest of the amount never lapses.</param>
internal sealed record OpenHold(CreditHold Hold, ImmutableArray<GrantShare> Shares)
{
    /// <summary>What goes back to which grant when some of the hold is spent; what lapses first is spent first.</summary>
    public IEnumerable<GrantShare> Unspent(long spent)
    {
        foreach (var share in Shares)
        {
            var used = Math.Min(spent, share.Amount);
            spent -= used;
            if (share.Amount > used)
            {
                yield return share with { Amount = share.Amount - used };
            }
        }
    }
}

/// <summary>Credits of one grant that lapses.</summary>
internal sealed record GrantShare(Guid GrantId, long Amount, DateTimeOffset ExpiresAt);

/// <summary>A hold that has ended, and what became of its credits.</summary>
internal sealed record EndedHold(CreditHold Hold, long Settled, long Refunded);
