using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Jobs;

/// <summary>Extracts the audio once and plans the chunks that are to be recognised.</summary>
internal sealed class PrepareHandler(IObjectStore objects, AudioExtractor extractor, IOptions<ChunkOptions> options) : ITaskHandler
{
    public TaskKind Kind => TaskKind.Prepare;

    public async Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken)
    {
        var input = (TaskInput.Prepare)task.Input;
        var source = Path.Combine(Directory.CreateDirectory(scratch).FullName, "source");
        await objects.Download(input.VideoKey, source, cancellationToken);

        var audio = await Extract(source, input, scratch, cancellationToken);
        var chunks = await Plan(audio, cancellationToken);
        var key = JobKeys.Audio(task);
        await using var pcm = File.OpenRead(audio);
        await objects.Put(key, pcm, cancellationToken);
        return new TaskOutcome.Prepared(key, chunks);
    }

    private async Task<string> Extract(string source, TaskInput.Prepare input, string scratch, CancellationToken cancellationToken)
    {
        try
        {
            var output = Directory.CreateDirectory(Path.Combine(scratch, "out")).FullName;
            return await extractor.Extract(
                source, input.AudioStream, output, TimeSpan.FromMilliseconds(input.DurationMs), cancellationToken);
        }
        catch (MediaUnreadableException fault)
        {
            throw new TaskFailedException(new Failure(fault.Code, fault.Message), retryable: false, fault);
        }
    }

    /// <summary>Numbered anew: chunks without speech are left out.</summary>
    private async Task<IReadOnlyList<ChunkSpan>> Plan(string audio, CancellationToken cancellationToken)
    {
        await using var pcm = File.OpenRead(audio);
        var loudness = await LoudnessCurve.Measure(pcm, cancellationToken);
        return [.. ChunkPlanner.Overlap(ChunkPlanner.Plan(loudness, options.Value), options.Value)
            .Where(chunk => chunk.HasSpeech)
            .Select((chunk, ordinal) => new ChunkSpan(ordinal, chunk.Start, chunk.End))];
    }
}
