using System.ComponentModel;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions.Credits;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.Credits;

/// <summary>Which lines of a ledger a request asks for.</summary>
internal sealed record EntryFilter(
    [property: Kind, FromQuery(Name = "kind"), Description("Only lines of this kind; repeat the parameter for several. All kinds without it.")]
    string[]? Kind,
    [property: Time, FromQuery(Name = "from"), Description("Only lines of this time or later, as RFC 3339 has it.")] string? From,
    [property: Time, FromQuery(Name = "until"), Description("Only lines before this time, as RFC 3339 has it.")] string? Until,
    [property: Cursor, FromQuery(Name = "cursor"), Description(Paging.Cursor.Description)] string? Cursor,
    [property: WholeNumber(1, PageLimit.Maximum), FromQuery(Name = "limit"), Description(PageLimit.Description)] int? Limit)
{
    /// <returns>Null if the filter can be used.</returns>
    public ErrorResult? Read(out CreditEntryQuery query)
    {
        query = new CreditEntryQuery(null, 0);
        if (Paging.Cursor.Read(Cursor, out long? before) is { } unknown)
            return unknown;
        var (from, until) = (Rfc3339.Read(From), Rfc3339.Read(Until));
        if (from >= until)
            return ErrorTable.InvalidRequest.About("from", "must be earlier than until, which is the first time that is not included.");

        query = new CreditEntryQuery(before, Limit ?? PageLimit.Default, ReadKinds(), from, until);
        return null;
    }

    private List<CreditEntryKind> ReadKinds()
    {
        var kinds = new List<CreditEntryKind>();
        foreach (var name in (Kind ?? []).Distinct())
        {
            if (WireName<CreditEntryKind>.TryRead(name, out var kind))
                kinds.Add(kind);
        }

        return kinds;
    }
}
