using System.Text;
using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Work;
using AX2Caption.Storage;

namespace AX2Caption.Grains.Jobs;

/// <summary>Puts the chunks' words together, lays out cues and stores transcript and captions.</summary>
internal sealed class ComposeHandler(TaskQueue queue, IObjectStore objects) : ITaskHandler
{
    public TaskKind Kind => TaskKind.Compose;

    public async Task<TaskOutcome> Handle(ClaimedTask task, string scratch, CancellationToken cancellationToken)
    {
        var input = (TaskInput.Compose)task.Input;
        var heard = new List<ChunkWords>();
        var chunks = new List<Transcript>();
        foreach (var (key, chunk) in await queue.ChunkResults(task.JobId!.Value, cancellationToken))
        {
            await using var json = await objects.OpenRead(key, 0, null, cancellationToken);
            chunks.Add(await TranscriptJson.ReadAsync(json, cancellationToken));
            heard.Add(new ChunkWords(TimeSpan.FromMilliseconds(chunk.StartMs), TimeSpan.FromMilliseconds(chunk.EndMs), chunks[^1].Words));
        }

        var found = LanguageSubtag.IsAutomatic(input.Language) ? SpokenLanguage.Of(chunks) : null;
        var language = LanguageSubtag.IsAutomatic(input.Language) ? found ?? LanguageSubtag.Undetermined : input.Language;
        if (!JobProfile.TryGet(input.Profile, language, out var profile))
        {
            throw new TaskFailedException(
                new Failure("profile_unknown", $"There is no layout profile '{input.Profile}' any more."), retryable: false);
        }

        var transcript = new Transcript(language, ChunkJoin.Join(heard));
        var track = CueLayout.LayOut(transcript, profile, TimeSpan.FromMilliseconds(input.DurationMs));
        var prefix = JobKeys.OutputPrefix(task);
        return new TaskOutcome.Composed(prefix, track.Cues.Count, await Store(transcript, track, prefix, cancellationToken), found);
    }

    private async Task<IReadOnlyList<StoredFile>> Store(Transcript transcript, CaptionTrack track, string prefix, CancellationToken cancellationToken)
    {
        var files = new List<StoredFile>();
        using var json = new MemoryStream();
        await TranscriptJson.WriteAsync(transcript, json, cancellationToken);
        await Put($"{prefix}transcript.json", json);

        foreach (var format in CaptionFormats.All)
        {
            using var text = new MemoryStream();
            await using (var writer = new StreamWriter(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true))
            {
                format.Write(track, writer);
            }

            await Put($"{prefix}captions{format.FileExtension}", text);
        }

        return files;

        async Task Put(string key, MemoryStream content)
        {
            content.Position = 0;
            var written = await objects.Put(key, content, cancellationToken);
            files.Add(new StoredFile(key, written.Length, written.Sha256));
        }
    }
}
