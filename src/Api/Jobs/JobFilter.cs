using System.ComponentModel;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Jobs;

/// <summary>Which jobs an operator asks for.</summary>
internal sealed record JobFilter(
    [property: FromQuery(Name = "accountId"), Description("Only jobs of this account.")] Guid? AccountId,
    [property: OneOf("queued", "processing", "succeeded", "failed", "canceled"), FromQuery(Name = "state"),
        Description("Only jobs in this state; repeat the parameter for several. All states without it.")]
    string[]? State,
    [property: Cursor, FromQuery(Name = "cursor"), Description(Paging.Cursor.Description)] string? Cursor,
    [property: WholeNumber(1, PageLimit.Maximum), FromQuery(Name = "limit"), Description(PageLimit.Description)] int? Limit)
{
    /// <returns>Null if the filter can be used.</returns>
    public ErrorResult? Read(out JobQuery query)
    {
        query = new JobQuery(null, 0, null, []);
        if (Paging.Cursor.Read(Cursor, out PageCursor? after) is { } unknown)
            return unknown;

        query = new JobQuery(after, Limit ?? PageLimit.Default, AccountId, ReadStates());
        return null;
    }

    private List<JobState> ReadStates()
    {
        var states = new List<JobState>();
        foreach (var name in (State ?? []).Distinct())
        {
            if (WireName<JobState>.TryRead(name, out var state))
                states.Add(state);
        }

        return states;
    }
}
