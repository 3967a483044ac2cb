using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>What must hold of a simulated ledger whatever happened, worked out from its entries alone.</summary>
internal static class LedgerChecks
{
    public static void AddsUp(SimulatedLedger ledger)
    {
        long available = 0, reserved = 0;
        var open = new Dictionary<Guid, CreditEntry>();
        var settled = new Dictionary<Guid, long>();
        Assert.Equal(ledger.Entries.Select((_, index) => index + 1L), ledger.Entries.Select(written => written.Entry.Seq));
        Assert.Equal(ledger.Entries.Count, ledger.Entries.Select(written => written.Entry.OpId).Distinct().Count());
        foreach (var (entry, _) in ledger.Entries)
        {
            switch (entry.Kind)
            {
                case CreditEntryKind.Grant or CreditEntryKind.Adjust:
                    available += entry.Amount;
                    break;
                case CreditEntryKind.Lapse:
                    available -= entry.Amount;
                    break;
                case CreditEntryKind.Reserve:
                    Assert.DoesNotContain(entry.HoldId!.Value, settled.Keys);
                    open.Add(entry.HoldId.Value, entry);
                    (available, reserved) = (available - entry.Amount, reserved + entry.Amount);
                    break;
                case CreditEntryKind.Extend:
                    Assert.Contains(entry.HoldId!.Value, open.Keys);
                    break;
                case CreditEntryKind.Settle or CreditEntryKind.Release or CreditEntryKind.Expire:
                    Assert.True(open.Remove(entry.HoldId!.Value, out var reserve), $"{entry} ends a hold that is not open.");
                    var spent = entry.Kind == CreditEntryKind.Settle ? entry.Amount : 0;
                    settled[entry.HoldId.Value] = spent;
                    (available, reserved) = (available + reserve.Amount - spent, reserved - reserve.Amount);
                    break;
                case CreditEntryKind.Refund:
                    available += entry.Amount;
                    settled[entry.HoldId!.Value] -= entry.Amount;
                    Assert.True(settled[entry.HoldId.Value] >= 0, $"{entry} refunds more than was spent.");
                    break;
            }

            Assert.Equal((available, reserved), (entry.AvailableAfter, entry.ReservedAfter));
            Assert.True(available >= 0 && reserved >= 0, $"{entry} overdraws.");
        }

        Assert.Equal((available, reserved), (ledger.Available, ledger.Reserved));
        Assert.Equal(open.Keys.Order(), ledger.OpenHolds.Select(hold => hold.HoldId).Order());
        Assert.True(ledger.Grants.Sum(grant => grant.Remaining) <= available, "More lapses than there is.");
    }

    /// <summary>What was available at each moment from one length of the ledger to another.</summary>
    public static IEnumerable<long> AvailableBetween(SimulatedLedger ledger, long from, long to) =>
        Enumerable.Range((int)from, (int)(to - from) + 1).Select(seq => seq == 0 ? 0 : ledger.Entries[seq - 1].Entry.AvailableAfter);
}
