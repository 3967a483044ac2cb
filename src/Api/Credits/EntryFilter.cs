using System.ComponentModel;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>Which lines of a ledger a request asks for.</summary>
internal sealed record EntryFilter(
    [property: Description("Only lines of this kind; repeat the parameter for several. All kinds without it.")] string[]? Kind,
    [property: Description("Only lines of this time or later, as RFC 3339 has it.")] string? From,
    [property: Description("Only lines before this time, as RFC 3339 has it.")] string? Until,
    [property: Description(Paging.Cursor.Description)] string? Cursor,
    [property: Description(PageLimit.Description)] int? Limit)
{
    /// <returns>Null if the filter can be used.</returns>
    public ErrorResult? Read(out CreditEntryQuery query)
    {
        query = new CreditEntryQuery(null, 0);
        if (PageLimit.Check(Limit, out var count) is { } invalid)
            return invalid;
        if (Paging.Cursor.Read(Cursor, out long? before) is { } unknown)
            return unknown;
        if (ReadKinds(out var kinds) is { } invalidKind)
            return invalidKind;
        if (Rfc3339.Read("from", From, out var from) is { } invalidFrom)
            return invalidFrom;
        if (Rfc3339.Read("until", Until, out var until) is { } invalidUntil)
            return invalidUntil;
        if (from >= until)
            return ErrorTable.InvalidRequest.Because("from must be earlier than until, which is the first time that is not included.");

        query = new CreditEntryQuery(before, count, kinds, from, until);
        return null;
    }

    private ErrorResult? ReadKinds(out List<CreditEntryKind> kinds)
    {
        kinds = [];
        foreach (var name in Kind ?? [])
        {
            if (!WireName<CreditEntryKind>.TryRead(name, out var kind))
                return ErrorTable.InvalidRequest.Because($"kind must be one of: {string.Join(", ", WireName<CreditEntryKind>.All)}.");
            if (!kinds.Contains(kind))
                kinds.Add(kind);
        }

        return null;
    }
}
