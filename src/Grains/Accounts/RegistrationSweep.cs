using AX2Caption.Grains.Time;
using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Accounts;

/// <summary>Gives new members what a crash kept from them, and deletes registrations and links whose time is over.</summary>
internal sealed class RegistrationSweep(
    RegistrationStore store, AccountLinkStore links, RegistrationCompletion completion, TimeProvider time) : ISweep
{
    /// <summary>A confirmation is completed at once; only what is older than this was interrupted.</summary>
    private static readonly TimeSpan CompletionGrace = TimeSpan.FromSeconds(10);

    public string Name => "registrations";

    public async Task<int> Run(int limit, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        // First what cannot fail for one row alone: a member whom nothing can be given must not keep the others' data.
        var deleted = await store.DeleteExpired(now, limit, cancellationToken) + await links.DeleteExpired(now, limit, cancellationToken);
        var owing = await store.Owing(now - CompletionGrace, limit, cancellationToken);
        await EachRow.Finish(owing, completion.Complete);
        return deleted + owing.Count;
    }
}
