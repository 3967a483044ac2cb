using AX2Caption.Grains.Abstractions.AuditLog;
using Orleans.Concurrency;

namespace AX2Caption.Grains.AuditLog;

[StatelessWorker]
internal sealed class AuditLogGrain(AuditLogStore store) : Grain, IAuditLogGrain
{
    public Task Append(AuditEvent @event) => store.Append(@event);

    public Task<AuditEventPage> Query(AuditEventQuery query, CancellationToken cancellationToken) => store.Query(query, cancellationToken);
}
