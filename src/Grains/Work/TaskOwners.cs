using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Work;

internal static class TaskOwners
{
    /// <summary>The grain that owns a task: its job, or the video of a probe.</summary>
    public static ITaskOwnerGrain OwnerOf(this IGrainFactory grains, Guid videoId, Guid? jobId) =>
        jobId is { } id ? grains.GetGrain<ICaptionJobGrain>(id) : grains.GetGrain<IVideoGrain>(videoId);
}
