namespace AX2Caption.Grains.Work;

internal static class EachRow
{
    /// <summary>Finishes every row of a sweep, also behind one that cannot be finished, and then throws what went wrong.</summary>
    public static async Task Finish<T>(IEnumerable<T> rows, Func<T, Task> finish)
    {
        var faults = new List<Exception>();
        foreach (var row in rows)
        {
            try
            {
                await finish(row);
            }
            catch (Exception fault)
            {
                // Whatever it was, the next row is not to wait for it; the sweeper logs them all.
                faults.Add(fault);
            }
        }

        if (faults.Count > 0)
        {
            throw new AggregateException(faults);
        }
    }
}
