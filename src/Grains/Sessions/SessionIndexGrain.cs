using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Npgsql;
using Orleans.Concurrency;

namespace AX2Caption.Grains.Sessions;

[StatelessWorker]
internal sealed class SessionIndexGrain(NpgsqlDataSource database, SessionStore store, AuditEvents events, TimeProvider time)
    : Grain, ISessionIndexGrain
{
    private const int MaximumListed = 100;

    private Guid AccountId => this.GetPrimaryKey();

    public async Task<IReadOnlyList<SessionSnapshot>> List(CancellationToken cancellationToken) =>
        await store.List(AccountId, time.UtcNow(), MaximumListed, cancellationToken);

    public Task<bool> End(Guid sessionId, RequestOrigin origin) => database.Transact(async connection =>
    {
        if (!await SessionStore.End(connection, AccountId, sessionId, SessionEnd.SignedOutEverywhere, time.UtcNow()))
        {
            // Said again since its answer was lost, or ended by signing out everywhere: it is as asked for.
            return await SessionStore.Lock(connection, sessionId) is { EndReason: SessionEnd.SignedOutEverywhere } ended && ended.AccountId == AccountId;
        }

        await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.SessionEnded, AccountId, origin, $"session {sessionId}"));
        return true;
    });

    public Task EndAll(RequestOrigin origin) => database.Transact(async connection =>
    {
        var ended = await SessionStore.EndAll(connection, AccountId, SessionEnd.SignedOutEverywhere, time.UtcNow());
        await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.SignedOutEverywhere, AccountId, origin, $"{ended} sessions"));
        return ended;
    });
}
