using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.AuditLog;

/// <summary>Deletes events that have been kept long enough.</summary>
internal sealed class AuditLogSweep(AuditLogStore store, IOptions<AuditLogOptions> options, TimeProvider time) : ISweep
{
    public string Name => "audit events";

    public Task<int> Run(int limit, CancellationToken cancellationToken) =>
        store.DeleteOld(time.UtcNow() - options.Value.KeepFor, limit, cancellationToken);
}
