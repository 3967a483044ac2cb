using AX2Caption.Grains.Work;

namespace AX2Caption.Grains.Tests.Work;

public sealed class TaskInputTests
{
    private static readonly TaskInput[] OneOfEach =
    [
        new TaskInput.Probe("incoming/x", "videos/x/source", MaximumDurationMs: 90_000, Sha256: [1, 2], "videos/x/thumbnail"),
        new TaskInput.Prepare("videos/x/source", AudioStream: 1, DurationMs: 60_000),
        new TaskInput.Transcribe("jobs/x/work/y/audio.pcm", StartMs: 0, EndMs: 30_000, "en", "hosted"),
        new TaskInput.Compose("en", "netflix-en", DurationMs: 60_000),
    ];

    [Fact]
    public void Parse_ChunkOfBeforeEnginesWereNamed_NamesNone() =>
        Assert.Equal(
            new TaskInput.Transcribe("audio", StartMs: 0, EndMs: 30_000, "en", Engine: null),
            TaskInput.Parse("""{ "type": "transcribe", "audioKey": "audio", "startMs": 0, "endMs": 30000, "language": "en" }"""));

    [Fact]
    public void Parse_OfEachKind_ReadsBackAsItWas() => Assert.All(OneOfEach, input => Same(input, TaskInput.Parse(input.ToJson())));

    [Fact]
    public void Kind_OfEachInput_IsItsOwn() => Assert.Equal(Enum.GetValues<TaskKind>(), OneOfEach.Select(input => input.Kind));

    [Theory]
    [InlineData("""{ "type": "translate" }""")]
    [InlineData("""{ "language": "en" }""")]
    [InlineData("null")]
    [InlineData("1")]
    [InlineData("{")]
    public void TryParse_WhatIsNone_IsNull(string json) => Assert.Null(TaskInput.TryParse(json));

    [Fact]
    public void TryParse_OfEachKind_ReadsBackAsItWas() => Assert.All(OneOfEach, input => Same(input, TaskInput.TryParse(input.ToJson())));

    [Fact]
    public void Parse_TypeBehindOtherMembers_IsFound() =>
        Assert.Equal(
            new TaskInput.Compose("en", "netflix-en", DurationMs: 60_000),
            TaskInput.Parse("""{ "profile": "netflix-en", "language": "en", "type": "compose", "durationMs": 60000 }"""));

    /// <summary>Member by member: two hashes of the same bytes are not equal as records see it.</summary>
    private static void Same(TaskInput expected, TaskInput? actual)
    {
        Assert.IsType(expected.GetType(), actual);
        Assert.Equivalent(expected, actual, strict: true);
    }
}
