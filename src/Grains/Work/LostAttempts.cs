using AX2Caption.Grains.Jobs;
using AX2Caption.Storage;
using Microsoft.Extensions.Logging;

namespace AX2Caption.Grains.Work;

/// <summary>
/// Clears away what an attempt has stored whose lease is lost: a job that ended meanwhile has been cleared up after already, and nobody comes by again
/// before its video goes. What cannot be reached stays until then.
/// </summary>
internal sealed partial class LostAttempts(TaskQueue queue, IObjectStore objects, ILogger<LostAttempts> logger)
{
    public async Task ClearAfter(ClaimedTask task)
    {
        if (task.JobId is null)
        {
            return;
        }

        try
        {
            // Its report may have been heard, and only the answer was not.
            if (await queue.MayCount(task.Lease))
            {
                return;
            }

            foreach (var prefix in JobKeys.PrefixesOfAttempt(task))
            {
                await objects.DeleteAll(prefix, CancellationToken.None);
            }
        }
        catch (Exception fault) when (fault is not OutOfMemoryException)
        {
            LogLeft(fault, task.Lease.TaskId);
        }
    }

    [LoggerMessage(LogLevel.Warning, "What a lost attempt at task {TaskId} may have stored could not be cleared away; it goes with its video.")]
    private partial void LogLeft(Exception fault, Guid taskId);
}
