namespace AX2Caption.Grains.Tests.Credits.Simulation;

/// <summary>What happened in the runs: one in which no fault ever struck would prove nothing.</summary>
internal sealed class Seen
{
    public int FenceHeld;
    public int HoldReopened;
    public int LostBeforeCommit;
    public int LostAfterCommit;
    public int Rejected;
    public int Full;
    public int Crashes;
    public int Unknown;
    public int Replays;
    public int Conflicts;
    public int Insufficient;
    public int Expired;
    public int Lapsed;
    public int Refunds;
    public int LargestBatch;

    public static T Once<T>(ref int counter, T value)
    {
        counter++;
        return value;
    }
}
