using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Jobs;

/// <summary>Deletes quotes that nobody can use any more.</summary>
internal sealed class ExpiredQuoteSweep(QuoteStore store, TimeProvider time) : ISweep
{
    public string Name => "expired quotes";

    public Task<int> Run(int limit, CancellationToken cancellationToken) => store.Delete(time.UtcNow(), limit, cancellationToken);
}
