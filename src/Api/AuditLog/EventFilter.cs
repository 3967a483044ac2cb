using System.ComponentModel;
using AX2Caption.Api.Credits;
using AX2Caption.Api.Errors;
using AX2Caption.Api.Paging;
using AX2Caption.Api.Validation;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.AuditLog;
using Microsoft.AspNetCore.Mvc;

namespace AX2Caption.Api.AuditLog;

/// <summary>Which events a request asks for.</summary>
internal sealed record EventFilter(
    [property: FromQuery(Name = "accountId"), Description("Only events about this account.")] Guid? AccountId,
    [property: FromQuery(Name = "actorId"), Description("Only what this account did.")] Guid? ActorId,
    [property: Line(40), FromQuery(Name = "kind"), Description("Only events of this kind; repeat the parameter for several. All kinds without it.")]
    string[]? Kind,
    [property: Time, FromQuery(Name = "from"), Description("Only events at this time or later, as RFC 3339 has it.")] string? From,
    [property: Time, FromQuery(Name = "until"), Description("Only events before this time, as RFC 3339 has it.")] string? Until,
    [property: Cursor, FromQuery(Name = "cursor"), Description(Paging.Cursor.Description)] string? Cursor,
    [property: WholeNumber(1, PageLimit.Maximum), FromQuery(Name = "limit"), Description(PageLimit.Description)] int? Limit)
{
    /// <returns>Null if the filter can be used.</returns>
    public ErrorResult? Read(out AuditEventQuery query)
    {
        query = new AuditEventQuery(null, 0, null, null, [], null, null);
        if (Paging.Cursor.Read(Cursor, out PageCursor? after) is { } unknown)
            return unknown;
        var (from, until) = (Rfc3339.Read(From), Rfc3339.Read(Until));
        if (from >= until)
            return ErrorTable.InvalidRequest.About("from", "must be earlier than until, which is the first time that is not included.");

        query = new AuditEventQuery(after, Limit ?? PageLimit.Default, AccountId, ActorId, Kind ?? [], from, until);
        return null;
    }
}
