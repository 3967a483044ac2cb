using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Accounts;

/// <summary>Deletes admissions that no longer count: where a guest came from is kept for a day and no longer.</summary>
internal sealed class GuestAdmissionSweep(GuestAdmissionStore store, TimeProvider time) : ISweep
{
    public string Name => "guest admissions";

    public Task<int> Run(int limit, CancellationToken cancellationToken) => store.DeleteOld(time.UtcNow(), limit, cancellationToken);
}
