using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.AuditLog;
using AX2Caption.Grains.Time;

namespace AX2Caption.Grains.AuditLog;

/// <summary>Makes events of this moment.</summary>
internal sealed class AuditEvents(TimeProvider time)
{
    /// <summary>The account's owner did it.</summary>
    public AuditEvent ByOwner(string kind, Guid accountId, RequestOrigin origin, string? detail = null) =>
        Now(kind, accountId, accountId, "owner", origin, detail);

    /// <summary>Somebody did it who had not shown who they are.</summary>
    public AuditEvent ByAnybody(string kind, Guid? accountId, RequestOrigin origin, string? detail = null) =>
        Now(kind, accountId, actorId: null, "anybody", origin, detail);

    /// <summary>Somebody did it who may run the Silo's program.</summary>
    public AuditEvent ByCommandLine(string kind, Guid accountId, string user, string? detail = null) =>
        Now(kind, accountId, actorId: null, $"command line: {user}"[..Math.Min(100, "command line: ".Length + user.Length)], origin: null, detail);

    private AuditEvent Now(string kind, Guid? accountId, Guid? actorId, string actor, RequestOrigin? origin, string? detail)
    {
        var now = time.UtcNow();
        return new AuditEvent(Guid.CreateVersion7(now), now, kind, accountId, actorId, actor, origin, detail);
    }
}
