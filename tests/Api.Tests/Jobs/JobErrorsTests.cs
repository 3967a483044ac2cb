using AX2Caption.Api.Jobs;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Tests.Jobs;

public sealed class JobErrorsTests
{
    public static TheoryData<SubmitJobResult, string> Refusals => new()
    {
        { new SubmitJobResult.KeyReused(), "idempotency_key_reused" },
        { new SubmitJobResult.VideoNotFound(), "video_not_found" },
        { new SubmitJobResult.VideoNotReady(), "video_not_ready" },
        { new SubmitJobResult.VideoRejected(new Failure("no_audio", "There is no audio.")), "video_rejected" },
        { new SubmitJobResult.LanguageNotServed(["en"]), "language_not_supported" },
        { new SubmitJobResult.ProfileUnknown(["default"]), "profile_unknown" },
        { new SubmitJobResult.AudioStreamUnknown([1, 2]), "audio_stream_unknown" },
        { new SubmitJobResult.InsufficientCredits(5, 3), "insufficient_credits" },
        { new SubmitJobResult.TooManyJobs(20), "too_many_jobs" },
        { new SubmitJobResult.QuoteNotValid(), "quote_not_valid" },
        { new SubmitJobResult.AccountClosed(), "token_invalid" },
        { new SubmitJobResult.Busy(), "too_many_requests after 1 s" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Of_ARefusal_IsItsError(SubmitJobResult refusal, string expected)
    {
        var answer = JobErrors.Of(refusal);

        Assert.Equal(expected, answer.RetryAfter is { } wait ? $"{answer.Error.Code} after {wait.TotalSeconds} s" : answer.Error.Code);
        Assert.NotEmpty(answer.Detail);
    }

    [Fact]
    public void Of_EveryRefusalThereIs_IsKnown() => Assert.Equal(
        typeof(SubmitJobResult).GetNestedTypes().Where(type => type != typeof(SubmitJobResult.Accepted)).Select(type => type.Name).Order(),
        Refusals.Select(row => row.Data.Item1.GetType().Name).Distinct().Order());
}
