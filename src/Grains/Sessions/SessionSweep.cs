using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Sessions;

/// <summary>Deletes sessions some time after they ended: until then their old tokens are known as such.</summary>
internal sealed class SessionSweep(SessionStore store, TimeProvider time) : ISweep
{
    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(1);

    public string Name => "ended sessions";

    public Task<int> Run(int limit, CancellationToken cancellationToken) => store.DeleteOld(time.UtcNow() - KeepFor, limit, cancellationToken);
}
