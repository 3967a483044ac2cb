using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>What the core makes of an operation.</summary>
internal abstract record CreditDecision
{
    private CreditDecision()
    {
    }

    /// <summary>To be written.</summary>
    /// <param name="After">The account after it.</param>
    /// <param name="Entry">Its line in the ledger.</param>
    /// <param name="Hold">The hold that it opened, changed or ended.</param>
    /// <param name="Ended">That hold, if it has ended or had.</param>
    /// <param name="Grants">The grants whose rest it changed, also those of which nothing is left.</param>
    public sealed record Write(
        CreditAccount After, CreditEntry Entry, OpenHold? Hold, EndedHold? Ended, ImmutableArray<ExpiringGrant> Grants) : CreditDecision
    {
        public CreditResult.Applied Applied => new(Entry, Hold?.Hold ?? Ended?.Hold);
    }

    /// <summary>Nothing to write.</summary>
    public sealed record Refuse(CreditResult Result) : CreditDecision;
}
