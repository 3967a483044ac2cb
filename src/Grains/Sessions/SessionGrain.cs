using System.Security.Cryptography;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Accounts;
using AX2Caption.Grains.Abstractions.Sessions;
using AX2Caption.Grains.AuditLog;
using AX2Caption.Grains.Database;
using AX2Caption.Grains.Time;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Grains.Sessions;

internal sealed partial class SessionGrain(
    NpgsqlDataSource database,
    SessionStore store,
    AuditEvents events,
    IOptions<SessionOptions> options,
    TimeProvider time,
    ILogger<SessionGrain> logger) : Grain, ISessionGrain
{
    private const int NonceLength = 32;

    private Guid SessionId => this.GetPrimaryKey();

    public Task<LiveSession> StartAsGuest(Guid accountId, NewSession session, RequestOrigin origin) => database.Transact(async connection =>
    {
        var now = time.UtcNow();
        await store.Insert(connection, accountId, AccountKind.Guest, session, origin, now);
        return await SessionStore.Find(connection, SessionId, now)
            ?? throw new InvalidOperationException($"Account {accountId} is no guest's that is open.");
    });

    public async Task<RefreshResult> Refresh(RefreshSession command)
    {
        var nonce = RandomNumberGenerator.GetBytes(NonceLength);
        var result = await database.Transact<RefreshResult>(async connection =>
        {
            var now = time.UtcNow();
            var step = await SessionStore.Lock(connection, SessionId) is { } session
                ? session.Refresh(command.FamilySecret, command.TokenSecret, nonce, options.Value, now, command.CallId)
                : new SessionStep.NotAToken();
            switch (step)
            {
                case SessionStep.Goes goes:
                    await SessionStore.Save(connection, goes.Session, command.Origin);
                    // An account that is closed or became another's has ended its sessions in the same commit.
                    return await SessionStore.Find(connection, SessionId, now) is { } live
                        ? new RefreshResult.Refreshed(live, goes.TokenSecret)
                        : new RefreshResult.Ended();
                case SessionStep.Ends ends:
                    await SessionStore.Save(connection, ends.Session, command.Origin);
                    await AuditLogStore.Append(
                        connection, events.ByAnybody(AuditKinds.TokenReused, ends.Session.AccountId, command.Origin, $"session {SessionId}"));
                    return new RefreshResult.Ended();
                case SessionStep.EndedBefore:
                    return new RefreshResult.Ended();
                case SessionStep.NotAToken:
                    return new RefreshResult.NotAToken();
                default:
                    throw new InvalidOperationException($"A token does not lead to {step.GetType().Name}.");
            }
        });
        if (result is RefreshResult.Ended)
        {
            LogEnded(SessionId);
        }

        return result;
    }

    public Task<bool> End(byte[] familySecret, RequestOrigin origin) => database.Transact(async connection =>
    {
        if (await SessionStore.Lock(connection, SessionId) is not { } session || !session.IsOf(familySecret))
        {
            return false;
        }

        if (await SessionStore.End(connection, session.AccountId, SessionId, SessionEnd.SignedOut, time.UtcNow()))
        {
            await AuditLogStore.Append(connection, events.ByOwner(AuditKinds.SignedOut, session.AccountId, origin, $"session {SessionId}"));
        }

        return true;
    });

    [LoggerMessage(LogLevel.Information, "A refresh token of session {SessionId} was shown that is not good any more; the session has ended.")]
    private partial void LogEnded(Guid sessionId);
}
