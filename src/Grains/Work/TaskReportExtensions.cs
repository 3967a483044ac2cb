using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

internal static class TaskReportExtensions
{
    /// <summary>What the reporter is told.</summary>
    public static TaskVerdict Verdict(this TaskReport report) =>
        report == TaskReport.Stale ? TaskVerdict.Stale : TaskVerdict.Accepted;
}
