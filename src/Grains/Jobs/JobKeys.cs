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

    public static string Audio(ClaimedTask task) => $"{WorkPrefix(task.JobId!.Value)}{task.Lease.Token}/audio.pcm";

    public static string Words(ClaimedTask task) => $"{WorkPrefix(task.JobId!.Value)}{task.Lease.Token}/words.json";

    public static string OutputPrefix(ClaimedTask task) => $"{Prefix(task.JobId!.Value)}output/{task.Lease.Token}/";
}
