using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Jobs;

/// <summary>
/// Where a job's objects are: working files go with the job's end, output stays. Each attempt writes under its lease token,
/// so that a lost attempt that still runs never touches what counts.
/// </summary>
internal static class JobKeys
{
    public static string Prefix(Guid jobId) => $"jobs/{jobId}/";

    public static string WorkPrefix(Guid jobId) => $"{Prefix(jobId)}work/";

    public static string Audio(ClaimedTask task) => $"{AttemptPrefix(task)}audio.pcm";

    public static string Words(ClaimedTask task) => $"{AttemptPrefix(task)}words.json";

    public static string OutputPrefix(ClaimedTask task) => $"{Prefix(task.JobId!.Value)}output/{task.Lease.Token}/";

    /// <summary>All that one attempt writes is below one of these, and nothing else is.</summary>
    public static IEnumerable<string> PrefixesOfAttempt(ClaimedTask task) => [AttemptPrefix(task), OutputPrefix(task)];

    private static string AttemptPrefix(ClaimedTask task) => $"{WorkPrefix(task.JobId!.Value)}{task.Lease.Token}/";
}
