using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.Time;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Sessions;

/// <summary>One on each silo that is asked, so that the question costs a read and no activation of its session.</summary>
[StatelessWorker, Reentrant]
internal sealed class SessionGateGrain(SessionStore store, TimeProvider time) : Grain, ISessionGateGrain
{
    public Task<LiveSession?> Find(Guid sessionId, CancellationToken cancellationToken) =>
        store.Find(sessionId, time.UtcNow(), cancellationToken);
}
