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
        if (!transcribers.TryFor(input.Language, out var transcriber))
        {
            var failure = new Failure("language_not_supported", $"No speech engine serves '{input.Language}' any more.");
            throw new TaskFailedException(failure, retryable: false);
        }

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

    private static async Task<Recognition> Recognize(
        ITranscriber transcriber, PcmAudio audio, string language, CancellationToken cancellationToken)
    {
        try
        {
            return await transcriber.Transcribe(audio, language, cancellationToken);
        }
        catch (RecognitionFailedException fault)
        {
            throw new TaskFailedException(fault.Failure, fault.Retryable, fault);
        }
    }

    private async Task<PcmAudio> Read(string key, TimeSpan start, TimeSpan duration, CancellationToken cancellationToken)
    {
        await using var pcm = await objects.OpenRead(key, PcmAudio.BytesOf(start), PcmAudio.BytesOf(duration), cancellationToken);
        return await PcmAudio.Read(pcm, duration, cancellationToken);
    }
}
