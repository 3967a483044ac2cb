using AX2Caption.Grains.Abstractions.AuditLog;

namespace AX2Caption.Api.AuditLog;

/// <summary>Something that somebody did.</summary>
/// <param name="Id">The event's id.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What; docs/security.md lists the kinds.</param>
/// <param name="AccountId">Whom it is about; null for nobody known.</param>
/// <param name="ActorId">The account that did it; null for nobody known, or the command line.</param>
/// <param name="Actor">Who did it, in words: <c>owner</c>, <c>admin</c>, <c>anybody</c>, <c>command line</c> and a user.</param>
/// <param name="Address">The IP address it came from; null for the command line, and when the account is deleted.</param>
/// <param name="Device">What the client called itself; null if nothing.</param>
/// <param name="RequestId">The request's id.</param>
/// <param name="Detail">What else is to be known; null for nothing.</param>
internal sealed record LoggedEvent(
    Guid Id,
    DateTimeOffset At,
    string Kind,
    Guid? AccountId,
    Guid? ActorId,
    string Actor,
    string? Address,
    string? Device,
    string? RequestId,
    string? Detail)
{
    public static LoggedEvent Of(AuditEvent @event) => new(
        @event.EventId, @event.At, @event.Kind, @event.AccountId, @event.ActorId, @event.Actor, @event.Origin?.Address, @event.Origin?.Device,
        @event.Origin?.RequestId, @event.Detail);
}
