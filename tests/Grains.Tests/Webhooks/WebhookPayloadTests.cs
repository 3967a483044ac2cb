using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Webhooks;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Jobs;
using AX2Caption.Grains.Webhooks;

namespace AX2Caption.Grains.Tests.Webhooks;

public sealed class WebhookPayloadTests
{
    private static readonly Guid EventId = Guid.Parse("01900000-0000-7000-8000-000000000001");

    private readonly CaptionJob job = AnyJob.Queued with
    {
        JobId = Guid.Parse("01900000-0000-7000-8000-000000000002"), VideoId = Guid.Parse("01900000-0000-7000-8000-000000000003"),
    };

    [Fact]
    public void Of_AJobThatFailed_IsWhatTheDocumentationShows()
    {
        var failed = job.Started(AnyJob.Now.AddSeconds(1))!.Failed(new Failure("worker_lost", "작업이 중단되었습니다."), AnyJob.Now.AddSeconds(2))!;

        Assert.Equal(
            """
            {"id":"01900000-0000-7000-8000-000000000001","type":"job.failed","createdAt":"2026-03-01T12:00:02+00:00","sequence":3,
            "data":{"job":{"id":"01900000-0000-7000-8000-000000000002","videoId":"01900000-0000-7000-8000-000000000003","state":"failed",
            "language":"en","profile":"netflix-en","price":1,"failure":{"code":"worker_lost",
            "message":"\uC791\uC5C5\uC774 \uC911\uB2E8\uB418\uC5C8\uC2B5\uB2C8\uB2E4."},"createdAt":"2026-03-01T12:00:00+00:00",
            "startedAt":"2026-03-01T12:00:01+00:00","endedAt":"2026-03-01T12:00:02+00:00"}}}
            """.ReplaceLineEndings(""),
            WebhookPayload.Of(EventId, WebhookEventTypes.JobFailed, failed.EndedAt!.Value, failed));
    }

    [Fact]
    public void Of_AJobWhoseLanguageWasFound_NamesIt()
    {
        var found = job with { State = JobState.Succeeded, Language = "auto", DetectedLanguage = "ko", EndedAt = AnyJob.Now };

        Assert.Contains("\"language\":\"auto\",\"detectedLanguage\":\"ko\",", WebhookPayload.Of(EventId, WebhookEventTypes.JobSucceeded, AnyJob.Now, found), StringComparison.Ordinal);
    }

    [Fact]
    public void OfPing_TellsOfNothing() => Assert.Equal(
        """{"id":"01900000-0000-7000-8000-000000000001","type":"ping","createdAt":"2026-03-01T12:00:00+00:00","data":{}}""",
        WebhookPayload.OfPing(EventId, AnyJob.Now));
}
