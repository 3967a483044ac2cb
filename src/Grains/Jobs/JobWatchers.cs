namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Those who wait for a job to change. They are woken by what this activation commits; since another one may have moved the row,
/// it is also looked at now and then. All of them share a look. Belongs to one activation, whose turns need no lock.
/// </summary>
internal sealed class JobWatchers(TimeProvider time)
{
    /// <summary>How old a look may be.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>The longest wait: calls that last longer look like calls to a dead silo.</summary>
    public static readonly TimeSpan MaximumWait = TimeSpan.FromSeconds(10);

    private TaskCompletionSource woken = NewSignal();
    private Task<CaptionJob?>? look;
    private long lookedAt;

    /// <summary>How often the row was looked at, for tests.</summary>
    public int Looks { get; private set; }

    /// <summary>The job may have changed.</summary>
    public void Wake()
    {
        look = null;
        var sleepers = woken;
        woken = NewSignal();
        sleepers.SetResult();
    }

    /// <summary>The job as soon as its version is beyond the known one, or as it is after the wait; null if there is none.</summary>
    public async Task<CaptionJob?> Next(
        Func<CancellationToken, Task<CaptionJob?>> load, long knownVersion, TimeSpan wait, CancellationToken cancellationToken)
    {
        var bound = wait < MaximumWait ? wait : MaximumWait;
        var began = time.GetTimestamp();
        while (true)
        {
            var wake = woken.Task;
            var job = await Look(load).WaitAsync(cancellationToken);
            var left = bound - time.GetElapsedTime(began);
            if (job is null || job.Version > knownVersion || left <= TimeSpan.Zero)
            {
                return job;
            }

            await Sleep(wake, left < LookEvery ? left : LookEvery, cancellationToken);
        }
    }

    private Task<CaptionJob?> Look(Func<CancellationToken, Task<CaptionJob?>> load)
    {
        if (look is { IsCompleted: false } || (look is { IsCompletedSuccessfully: true } && time.GetElapsedTime(lookedAt) < LookEvery))
        {
            return look;
        }

        Looks++;
        lookedAt = time.GetTimestamp();
        // Not anybody's to cancel: others wait for it too.
        return look = load(CancellationToken.None);
    }

    private async Task Sleep(Task wake, TimeSpan pause, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var timer = Task.Delay(pause, time, enough.Token);
        await Task.WhenAny(wake, timer);
        await enough.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
