using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Jobs;

/// <summary>Recognises one chunk and stores its words on the media's timeline.</summary>
internal sealed class TranscribeHandler(IObjectStore objects, Transcribers transcribers) : ITaskHandler
{
    public TaskKind Kind => TaskKind.Transcribe;

    public async Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken)
    {
        var input = (TaskInput.Transcribe)task.Input;
        var transcriber = EngineOf(input);
        var start = TimeSpan.FromMilliseconds(input.StartMs);
        var duration = TimeSpan.FromMilliseconds(input.EndMs) - start;
        var audio = await Read(input.AudioKey, start, duration, cancellationToken);
        var heard = await Recognize(transcriber, audio, input.Language, cancellationToken);

        var transcript = new Transcript(
            heard.Language, [.. heard.Words.Select(word => word with { Start = word.Start + start, End = word.End + start })]);
        var key = JobKeys.Words(task);
        using var json = new MemoryStream();
        await TranscriptJson.WriteAsync(transcript, json, cancellationToken);
        json.Position = 0;
        await objects.Put(key, json, cancellationToken);
        return new TaskOutcome.Transcribed(key, duration);
    }

    /// <summary>The engine that the job was priced with; jobs of before do not name theirs.</summary>
    private ITranscriber EngineOf(TaskInput.Transcribe input)
    {
        if (input.Engine is { } name)
        {
            // Another worker may have it, or this one when its settings are those of the others again.
            return transcribers.TryNamed(name, input.Language, out var named) ? named : throw Failed(RecognitionFailedException.Unavailable(
                new InvalidOperationException($"This worker has no speech engine '{name}' for '{input.Language}'.")));
        }

        return transcribers.TryFor(input.Language, out var transcriber) ? transcriber : throw new TaskFailedException(
            new Failure("language_not_supported", $"No speech engine serves '{input.Language}' any more."), retryable: false);
    }

    private static TaskFailedException Failed(RecognitionFailedException fault) => new(fault.TaskFailure, fault);

    private static async Task<Recognition> Recognize(
        ITranscriber transcriber, PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        try
        {
            return await transcriber.Transcribe(audio, language, cancellationToken);
        }
        catch (RecognitionFailedException fault)
        {
            throw Failed(fault);
        }
    }

    private async Task<PcmAudio> Read(string key, TimeSpan start, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var pcm = await objects.OpenRead(key, PcmAudio.BytesOf(start), PcmAudio.BytesOf(duration), cancellationToken);
        return await PcmAudio.Read(pcm, duration, cancellationToken);
    }
}
