using AX2Caption.Captions;
using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Abstractions.Videos;
using AX2Caption.Grains.Credits;
using AX2Caption.Grains.Time;
using AX2Caption.Grains.Transcription;
using AX2Caption.Grains.Videos;

namespace AX2Caption.Grains.Jobs;

/// <summary>Works out what a submitted job comes to: for its quote and for itself alike.</summary>
internal sealed class JobTermsFinder(Transcribers transcribers, PriceList prices, TimeProvider time)
{
    /// <param name="command">What is asked for.</param>
    /// <param name="found">Its video, whosever it is; null if there is none.</param>
    public JobTermsResult Find(SubmitJob command, Video? found)
    {
        if (!transcribers.TryFor(command.Language, out var transcriber))
        {
            return Refuse(new SubmitJobResult.LanguageNotServed(transcribers.Languages));
        }

        command = command with { Language = LanguageSubtag.Normalized(command.Language) };
        var profile = command.Profile is null or JobProfile.Automatic ? JobProfile.DefaultFor(command.Language) : command.Profile;
        if (!JobProfile.IsKnown(profile))
        {
            return Refuse(new SubmitJobResult.ProfileUnknown([.. LayoutProfiles.All.Select(known => known.Name)]));
        }

        if (found is not { State: not VideoState.Deleted, Snapshot: var video } || video.AccountId != command.AccountId || video.ExpiresAt <= time.UtcNow())
        {
            return Refuse(new SubmitJobResult.VideoNotFound());
        }

        return video.State switch
        {
            VideoState.Ready => Find(command, transcriber.Engine, profile, video),
            VideoState.Rejected => Refuse(new SubmitJobResult.VideoRejected(video.Rejection!)),
            _ => Refuse(new SubmitJobResult.VideoNotReady()),
        };
    }

    /// <summary>Whether there is still an engine of this name for the language.</summary>
    public bool IsServed(string language, string engine) => transcribers.TryNamed(engine, language, out _);

    private JobTermsResult Find(SubmitJob command, string engine, string profile, VideoSnapshot video)
    {
        var tracks = AudioTrack.Of(video.Media!);
        return (command.AudioStream is { } index ? tracks.SingleOrDefault(track => track.Stream == index) : tracks.Single(track => track.IsDefault)) is { } audio
            ? new JobTermsResult.Found(new JobTerms(command.Language, engine, profile, audio, prices.Of(engine, profile, audio.Duration), video.ExpiresAt))
            : Refuse(new SubmitJobResult.AudioStreamUnknown([.. tracks.Select(track => track.Stream)]));
    }

    private static JobTermsResult.Refused Refuse(SubmitJobResult refusal) => new(refusal);
}

/// <summary>What a job comes to.</summary>
/// <param name="Language">What is spoken, as it is stored.</param>
/// <param name="Engine">Which engine recognises.</param>
/// <param name="Profile">How cues are laid out.</param>
/// <param name="Audio">What is recognised.</param>
/// <param name="Price">What it costs.</param>
/// <param name="ExpiresAt">When the video is to be deleted; null while it is pinned.</param>
internal sealed record JobTerms(string Language, string Engine, string Profile, AudioTrack Audio, JobPrice Price, DateTimeOffset? ExpiresAt);

internal abstract record JobTermsResult
{
    private JobTermsResult()
    {
    }

    public sealed record Found(JobTerms Terms) : JobTermsResult;

    public sealed record Refused(SubmitJobResult Refusal) : JobTermsResult;
}
