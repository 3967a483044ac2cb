using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Auditing;

/// <summary>Accounts that this silo has written and not audited since.</summary>
internal sealed class ChangedAccounts(IOptions<AuditOptions> options)
{
    private readonly Lock gate = new();
    private HashSet<Guid> accounts = [];

    public int Count
    {
        get
        {
            lock (gate)
            {
                return accounts.Count;
            }
        }
    }

    public void Add(IEnumerable<Guid> changed)
    {
        lock (gate)
        {
            foreach (var account in changed)
            {
                if (accounts.Count < options.Value.MaximumRemembered)
                {
                    accounts.Add(account);
                }
            }
        }
    }

    /// <summary>Takes some of them out.</summary>
    public IReadOnlyCollection<Guid> Take(int limit)
    {
        lock (gate)
        {
            var taken = accounts.Take(limit).ToHashSet();
            if (taken.Count == accounts.Count)
            {
                accounts = [];
            }
            else
            {
                accounts.ExceptWith(taken);
            }

            return taken;
        }
    }
}
