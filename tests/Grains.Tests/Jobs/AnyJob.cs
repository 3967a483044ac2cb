using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Jobs;

namespace AX2Caption.Grains.Tests.Jobs;

internal static class AnyJob
{
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static CaptionJob Queued { get; } = new(
        Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7(), Version: 1, JobState.Queued, JobStage.Prepare, "en", "netflix-en",
        RequestHash: new byte[32], Price: 1, JobCredit.Held, TimeSpan.FromMinutes(1), ChunksDone: 0, ChunksTotal: null, OutputPrefix: null,
        Failure: null, HasWorkFiles: false, DeadlineAt: Now.AddDays(1), CreatedAt: Now, StartedAt: null, EndedAt: null);
}
