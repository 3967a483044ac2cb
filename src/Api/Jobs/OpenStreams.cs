using Microsoft.Extensions.Options;

namespace AX2Caption.Api.Jobs;

/// <summary>Counts the streams that are open, by account and by network.</summary>
internal sealed class OpenStreams(IOptions<StreamOptions> options)
{
    private readonly Lock guard = new();
    private readonly Dictionary<Guid, int> byAccount = [];
    private readonly Dictionary<string, int> byNetwork = [];

    /// <returns>To be disposed of when the stream ends; null if it is one too many.</returns>
    public IDisposable? TryOpen(Guid accountId, string network)
    {
        lock (guard)
        {
            var (account, address) = (byAccount.GetValueOrDefault(accountId), byNetwork.GetValueOrDefault(network));
            if (account >= options.Value.PerAccount || address >= options.Value.PerAddress)
                return null;
            (byAccount[accountId], byNetwork[network]) = (account + 1, address + 1);
            return new OpenStream(this, accountId, network);
        }
    }

    private void Close(Guid accountId, string network)
    {
        lock (guard)
        {
            CountDown(byAccount, accountId);
            CountDown(byNetwork, network);
        }
    }

    private static void CountDown<TKey>(Dictionary<TKey, int> counts, TKey key) where TKey : notnull
    {
        if (--counts[key] == 0)
            counts.Remove(key);
    }

    private sealed class OpenStream(OpenStreams all, Guid accountId, string network) : IDisposable
    {
        private bool isClosed;

        public void Dispose()
        {
            if (isClosed)
                return;
            isClosed = true;
            all.Close(accountId, network);
        }
    }
}
