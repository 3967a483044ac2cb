using System.Collections.Immutable;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Credits;

/// <summary>The part of an account's available credits that lapses, by grant: what lapses first is taken first.</summary>
internal static class GrantLots
{
    /// <summary>Takes credits out of the grants, as far as they go.</summary>
    /// <returns>The grants that are left, and what was taken of which.</returns>
    public static (ImmutableArray<ExpiringGrant> Left, ImmutableArray<GrantShare> Taken) Take(
        this ImmutableArray<ExpiringGrant> grants, long amount)
    {
        if (grants.IsEmpty)
        {
            return (grants, []);
        }

        var taken = ImmutableArray.CreateBuilder<GrantShare>();
        var left = ImmutableArray.CreateBuilder<ExpiringGrant>(grants.Length);
        foreach (var grant in grants)
        {
            var part = Math.Min(amount, grant.Remaining);
            amount -= part;
            if (part > 0)
            {
                taken.Add(new GrantShare(grant.GrantId, part, grant.ExpiresAt));
            }

            if (grant.Remaining > part)
            {
                left.Add(grant with { Remaining = grant.Remaining - part });
            }
        }

        return (left.ToImmutable(), taken.ToImmutable());
    }

    /// <summary>Puts credits into a grant, which need not be there any more.</summary>
    public static ImmutableArray<ExpiringGrant> Put(this ImmutableArray<ExpiringGrant> grants, GrantShare share)
    {
        var merged = grants.FirstOrDefault(grant => grant.GrantId == share.GrantId) is { } old
            ? old with { Remaining = old.Remaining + share.Amount }
            : new ExpiringGrant(share.GrantId, share.Amount, share.ExpiresAt);
        var others = grants.Where(grant => grant.GrantId != share.GrantId);
        return [.. others.Append(merged).OrderBy(grant => grant.ExpiresAt).ThenBy(grant => grant.GrantId)];
    }
}
