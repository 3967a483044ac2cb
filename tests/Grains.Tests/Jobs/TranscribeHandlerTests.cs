using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Jobs;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Configuration;

namespace AX2Caption.Grains.Tests.Jobs;

public sealed class TranscribeHandlerTests : IDisposable
{
    private readonly TempFolder folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("engine_failed", true)]
    [InlineData("engine_refused", false)]
    public async Task Handle_TheEngineFails_FailsTheTaskForItsReason(string code, bool retryable)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(new RecognitionFailedException(new Failure(code, "A sentence."), retryable, inner: null)));

        Assert.Equal((code, "A sentence.", retryable), (failure.TaskFailure.Failure.Code, failure.TaskFailure.Failure.Message, failure.TaskFailure.Retryable));
    }

    [Fact]
    public async Task Handle_NoEngineForTheLanguageAnyMore_FailsForGood()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(new RecognitionFailedException(new Failure("unused", ""), retryable: true, inner: null), language: "ko"));

        Assert.Equal(("language_not_supported", false), (failure.TaskFailure.Failure.Code, failure.TaskFailure.Retryable));
    }

    [Fact]
    public async Task Handle_TheEngineIsAway_WaitsForItAsLongAsItSays()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(RecognitionFailedException.Unavailable(retryAfter: TimeSpan.FromHours(1))));

        Assert.Equal(("engine_unavailable", true, true, TimeSpan.FromHours(1)), Said(failure));
    }

    [Fact]
    public async Task Handle_TheEngineFails_CountsTheAttemptHoweverLongItIsToRest()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(RecognitionFailedException.Failed(retryAfter: TimeSpan.FromSeconds(15))));

        Assert.Equal(("engine_failed", true, false, TimeSpan.FromSeconds(15)), Said(failure));
    }

    [Theory]
    [InlineData("hosted", "en")]
    [InlineData("failing", "ko")]
    public async Task Handle_TheJobsEngineIsNotHereOrNotForItsLanguage_WaitsForAWorkerThatHasIt(string engine, string language)
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(RecognitionFailedException.Failed(), language, engine));

        Assert.Equal(("engine_unavailable", true, true, null), Said(failure));
        Assert.Equal($"This worker has no speech engine '{engine}' for '{language}'.", failure.GetBaseException().Message);
    }

    [Fact]
    public async Task Handle_TheJobsEngineIsNotThePreferredOne_IsAskedAllTheSame()
    {
        var failure = await Assert.ThrowsAsync<TaskFailedException>(() => Handle(RecognitionFailedException.Refused(), engine: "Failing", others: new NeverAsked()));

        Assert.Equal("engine_refused", failure.TaskFailure.Failure.Code);
    }

    private static (string Code, bool Retryable, bool IsOutage, TimeSpan? RetryAfter) Said(TaskFailedException failure) =>
        (failure.TaskFailure.Failure.Code, failure.TaskFailure.Retryable, failure.TaskFailure.IsOutage, failure.TaskFailure.RetryAfter);

    private async Task Handle(RecognitionFailedException fault, string language = "en", string? engine = null, params ITranscriber[] others)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["Storage:Root"] = folder.Path, ["Storage:MinimumFreeBytes"] = "0" }).Build();
        var objects = StorageServices.OpenObjectStore(configuration, StorageOptions.Section, TimeProvider.System);
        await objects.Put("audio", new MemoryStream(new byte[32_000]), Token);
        var task = new ClaimedTask(
            new TaskLease(Guid.CreateVersion7(), 1, Guid.CreateVersion7()), Guid.CreateVersion7(), Guid.CreateVersion7(), 0, new TaskInput.Transcribe("audio", 0, 1000, language, engine));
        await new TranscribeHandler(objects, new Transcribers([.. others, new FailingEngine(fault)], [])).Handle(task, folder.Path, Token);
    }

    private sealed class NeverAsked : ITranscriber
    {
        public string Engine => "preferred";

        public IReadOnlyList<string> Languages => ["en"];

        public bool DetectsLanguage => false;

        public Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The job is for another engine.");

        public Task CheckHealth(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class FailingEngine(RecognitionFailedException fault) : ITranscriber
    {
        public string Engine => "failing";

        public IReadOnlyList<string> Languages => ["en"];

        public bool DetectsLanguage => false;

        public Task<Recognition> Transcribe(PcmAudio audio, string language, CancellationToken cancellationToken)
        {
            Assert.Equal(TimeSpan.FromSeconds(1), audio.Duration);
            throw fault;
        }

        public Task CheckHealth(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
