using AX2Caption.Grains.Abstractions.Videos;

namespace AX2Caption.Grains.Jobs;

/// <summary>An audio stream of a video that can be captioned.</summary>
/// <param name="Stream">Its index in the file.</param>
/// <param name="Duration">Its measured length.</param>
/// <param name="IsDefault">Whether it is captioned by jobs that name none.</param>
internal sealed record AudioTrack(int Stream, TimeSpan Duration, bool IsDefault)
{
    /// <summary>How a promise remembers it: by no name where the job needs none, as those did that were made before there was a choice.</summary>
    public int? Named => IsDefault ? null : Stream;

    /// <summary>Those of a video, in the file's order. In one that was probed before each stream was measured there is the default alone.</summary>
    public static IReadOnlyList<AudioTrack> Of(MediaSummary media) =>
    [
        .. from stream in media.Streams
           let isDefault = stream.Index == media.AudioStream
           let duration = isDefault ? media.Duration : stream.Duration
           where duration is not null
           select new AudioTrack(stream.Index, duration.Value, isDefault),
    ];
}
