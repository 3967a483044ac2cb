namespace AX2Caption.Captions;

/// <summary>Cuts a transcript into cues and lines.</summary>
public static class CueLayout
{
    /// <summary>
    /// Lays the words out by weighing every possible break against every other, so that the whole track is as good as the profile's
    /// rules and the speech allow. The cues are sorted, never overlap, lie inside the media on whole milliseconds and hold every word
    /// once and in order. A word longer than a line is not cut but stands alone on an overlong line, which players wrap.
    /// Words of white space only are left out; words whose times overlap or leave the media are moved to fit.
    /// </summary>
    /// <param name="transcript">The words; an empty transcript gives an empty track.</param>
    /// <param name="profile">The rules to follow.</param>
    /// <param name="mediaDuration">No cue ends after this.</param>
    /// <exception cref="ArgumentException">The media is shorter than one millisecond a word, or the profile leaves no room for any text.</exception>
    public static CaptionTrack LayOut(Transcript transcript, LayoutProfile profile, TimeSpan mediaDuration)
    {
        ArgumentNullException.ThrowIfNull(transcript);
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentOutOfRangeException.ThrowIfLessThan(profile.CharactersPerLine, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(profile.Lines, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(profile.MaxDuration, TimeSpan.FromMilliseconds(1));

        var words = new WordTimeline(transcript.Words, mediaDuration);
        var search = new CueSearch(words, profile, Phrasing.For(transcript.Language));
        var starts = search.CheapestStarts();
        var cues = new Cue[starts.Count];
        for (var i = 0; i < cues.Length; i++)
        {
            cues[i] = search.Cue(starts[i], i + 1 < cues.Length ? starts[i + 1] : words.Count);
        }

        return new CaptionTrack(transcript.Language, cues);
    }
}
