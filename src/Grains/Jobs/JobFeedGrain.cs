using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Grains.Jobs;

/// <summary>Looks at an account's jobs while somebody waits for a change. Whoever waits and is equally far shares a look.</summary>
internal sealed class JobFeedGrain(JobFeedStore store, TimeProvider time) : Grain, IJobFeedGrain
{
    /// <summary>How often, for each of those who wait.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<long, (Task<JobChanges> Look, long At)> looks = [];

    public async Task<JobChanges> Next(long? position, TimeSpan wait, CancellationToken cancellationToken)
    {
        // Who does not wait asks about this very moment: a shared look may be from before it.
        if (position is not { } from || wait <= TimeSpan.Zero)
        {
            return await store.Since(this.GetPrimaryKey(), position, cancellationToken);
        }

        var bound = wait < JobWatchers.MaximumWait ? wait : JobWatchers.MaximumWait;
        var began = time.GetTimestamp();
        while (true)
        {
            var changes = await Look(from).WaitAsync(cancellationToken);
            var left = bound - time.GetElapsedTime(began);
            if (changes.Jobs.Count > 0 || left <= TimeSpan.Zero)
            {
                return changes;
            }

            from = changes.Position;
            await Task.Delay(left < LookEvery ? left : LookEvery, time, cancellationToken);
        }
    }

    private Task<JobChanges> Look(long position)
    {
        foreach (var old in looks.Where(look => look.Value.Look.IsCompleted && time.GetElapsedTime(look.Value.At) >= LookEvery).ToList())
        {
            looks.Remove(old.Key);
        }

        if (looks.TryGetValue(position, out var known) && !known.Look.IsFaulted)
        {
            return known.Look;
        }

        // Not anybody's to cancel: others wait for it too.
        var look = store.Since(this.GetPrimaryKey(), position, CancellationToken.None);
        looks[position] = (look, time.GetTimestamp());
        return look;
    }
}
