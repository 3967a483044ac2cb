namespace AX2Caption.Grains.Abstractions.AuditLog;

/// <summary>The record of who did what, when and from where; there is one key, 0.</summary>
[Alias("ax2.IAuditLogGrain")]
public interface IAuditLogGrain : IGrainWithIntegerKey
{
    /// <summary>Adds an event. The same id again changes nothing.</summary>
    [Alias("Append")]
    Task Append(AuditEvent @event);

    /// <summary>Events from the newest down.</summary>
    [Alias("Query")]
    Task<AuditEventPage> Query(AuditEventQuery query, CancellationToken cancellationToken);
}

/// <summary>One event. It never holds a password, a token or a link.</summary>
/// <param name="EventId">Its id, a UUIDv7.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What, in snake_case; docs/security.md lists the kinds.</param>
/// <param name="AccountId">Whom it is about; null for nobody known.</param>
/// <param name="ActorId">The account that did it; null for nobody known, or the command line.</param>
/// <param name="Actor">Who did it, in words: <c>owner</c>, <c>anybody</c>, <c>admin</c>, <c>command line</c> and a name.</param>
/// <param name="Origin">Where it came from; null for the command line.</param>
/// <param name="Detail">What else is to be known, 500 characters at most.</param>
[GenerateSerializer, Immutable, Alias("ax2.AuditEvent")]
public sealed record AuditEvent(
    [property: Id(0)] Guid EventId,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] string Kind,
    [property: Id(3)] Guid? AccountId,
    [property: Id(4)] Guid? ActorId,
    [property: Id(5)] string Actor,
    [property: Id(6)] RequestOrigin? Origin,
    [property: Id(7)] string? Detail);

/// <summary>Which events.</summary>
/// <param name="After">The last one of the page before; null for the first page.</param>
/// <param name="Limit">How many, 1 to 100.</param>
/// <param name="AccountId">Only those about this account; null for all.</param>
/// <param name="ActorId">Only those that this account did; null for all.</param>
/// <param name="Kinds">Only these kinds; empty for all.</param>
/// <param name="From">Only those at that time or later; null for all.</param>
/// <param name="Until">Only those before that time; null for all.</param>
[GenerateSerializer, Immutable, Alias("ax2.AuditEventQuery")]
public sealed record AuditEventQuery(
    [property: Id(0)] PageCursor? After,
    [property: Id(1)] int Limit,
    [property: Id(2)] Guid? AccountId,
    [property: Id(3)] Guid? ActorId,
    [property: Id(4)] IReadOnlyList<string> Kinds,
    [property: Id(5)] DateTimeOffset? From,
    [property: Id(6)] DateTimeOffset? Until);

/// <summary>Events and how to go on.</summary>
/// <param name="Events">Newest first.</param>
/// <param name="Next">Where the next page begins; null if there is none.</param>
[GenerateSerializer, Immutable, Alias("ax2.AuditEventPage")]
public sealed record AuditEventPage([property: Id(0)] IReadOnlyList<AuditEvent> Events, [property: Id(1)] PageCursor? Next);
