using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Auditing;

/// <summary>Accounts that this silo has written and not audited since.</summary>
internal sealed class ChangedAccounts(IOptions<AuditOptions> options)
{
    private readonly Lock gate = new();
    private HashSet<Guid> accounts = [];

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

    /// <summary>Takes them all out.</summary>
    public IReadOnlyCollection<Guid> Take()
    {
        lock (gate)
        {
            var taken = accounts;
            accounts = [];
            return taken;
        }
    }
}
