using System.Globalization;
using System.Text;
using System.Text.Json;
using AX2Caption.Captions;

namespace AX2Caption.Grains.Transcription.OpenAi;

/// <summary>The answer in the format <c>verbose_json</c>, of which servers leave out what they please. Times are seconds from the start of the audio.</summary>
internal sealed record VerboseTranscription(
    string? Language, string? Text, IReadOnlyList<VerboseTranscription.TimedWord?>? Words, IReadOnlyList<VerboseTranscription.Segment?>? Segments)
{
    // Written without spaces between words.
    private static readonly string[] ByCharacter = ["zh", "ja", "yue"];

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <summary>Whether there is anything that tells when it was said, or nothing was said.</summary>
    public bool HasTimes => Words is [_, ..] || Segments is [_, ..] || string.IsNullOrWhiteSpace(Text);

    /// <exception cref="InvalidDataException">It is no such answer.</exception>
    public static VerboseTranscription Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var answer = JsonSerializer.Deserialize<VerboseTranscription>(json, Json);
            return answer is { Text: null, Words: null, Segments: null } or null
                ? throw new InvalidDataException("It has neither text nor words nor segments.")
                : answer;
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException($"It is not the JSON of a transcription: {fault.Message}", fault);
        }
    }

    /// <summary>The words in order and within the audio.</summary>
    /// <param name="duration">Of the audio; what the answer says of that does not count.</param>
    /// <param name="language">BCP 47 tag of the speech.</param>
    /// <param name="noSpeechThreshold">Segments that are more likely than this to be no speech are left out.</param>
    /// <exception cref="InvalidDataException">There are more words than the audio has room for.</exception>
    public IReadOnlyList<Word> WordsWithin(TimeSpan duration, string language, double noSpeechThreshold)
    {
        var segments = (Segments ?? []).OfType<Segment>().ToList();
        var invented = segments.Where(segment => segment.NoSpeechProb > noSpeechThreshold).ToList();
        var spoken = segments.Except(invented).ToList();
        var words = Timed(segments) is { Count: > 0 } timed
            ? Punctuation.Restore(FromWords(timed, new SegmentTimeline(invented), new SegmentTimeline(spoken)), string.Join(' ', spoken.Select(segment => segment.Text)))
            : [.. spoken.OrderBy(segment => segment.Start).SelectMany(segment => Spread(segment, language))];
        return WordTimes.Fit(words, duration)
            ?? throw new InvalidDataException($"It has {words.Count} words in {duration}.");
    }

    /// <summary>Words with times, which servers put beside the segments or into them.</summary>
    private List<TimedWord> Timed(List<Segment> segments) =>
        [.. (Words is [_, ..] ? Words : segments.SelectMany(segment => segment.Words ?? [])).OfType<TimedWord>().OrderBy(word => word.Start)];

    private static List<Word> FromWords(List<TimedWord> timed, SegmentTimeline invented, SegmentTimeline spoken) =>
    [
        .. from word in timed
           let text = OneLine(word.Word)
           where text.Length > 0
           let middle = (word.Start + word.End) / 2
           let segment = spoken.At(middle)
           where segment is not null || invented.At(middle) is null
           select new Word(text, Time(word.Start), Time(word.End), Math.Clamp(word.Probability ?? segment?.Confidence ?? 1, 0, 1)),
    ];

    /// <summary>A segment's text over its time, each word by its length.</summary>
    private static IEnumerable<Word> Spread(Segment segment, string language)
    {
        IReadOnlyList<string> texts = ByCharacter.Contains(LanguageSubtag.PrimaryOf(language), StringComparer.OrdinalIgnoreCase)
            ? Characters(OneLine(segment.Text))
            : OneLine(segment.Text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var total = (double)texts.Sum(text => text.Length);
        var (start, length) = (Time(segment.Start), Time(segment.End) - Time(segment.Start));
        var before = 0;
        foreach (var text in texts)
        {
            yield return new Word(text, start + (length * (before / total)), start + (length * ((before + text.Length) / total)), segment.Confidence);
            before += text.Length;
        }
    }

    /// <summary>Characters as a reader counts them; punctuation stays with the one before it.</summary>
    private static List<string> Characters(string text)
    {
        var characters = new List<string>();
        var last = new StringBuilder();
        for (var elements = StringInfo.GetTextElementEnumerator(text); elements.MoveNext();)
        {
            var element = elements.GetTextElement();
            if (string.IsNullOrWhiteSpace(element))
                continue;
            if (last.Length > 0 && !element.All(char.IsPunctuation))
            {
                characters.Add(last.ToString());
                last.Clear();
            }

            last.Append(element);
        }

        if (last.Length > 0)
            characters.Add(last.ToString());
        return characters;
    }

    private static string OneLine(string? text) =>
        string.Concat((text ?? "").Select(character => char.IsControl(character) || char.IsWhiteSpace(character) ? ' ' : character)).Trim();

    /// <summary>To the millisecond, which is more than any model knows. Beyond a day, or before the start, nobody meant it.</summary>
    private static TimeSpan Time(double seconds) => TimeSpan.FromMilliseconds(Math.Round(Math.Clamp(seconds, 0, 86_400) * 1000));

    /// <param name="Word">Its text, as some models give it with the space before it.</param>
    /// <param name="Start">When it begins.</param>
    /// <param name="End">When it ends.</param>
    /// <param name="Probability">How sure the model is; few servers say so.</param>
    public sealed record TimedWord(string? Word, double Start, double End, double? Probability);

    /// <param name="Start">When it begins.</param>
    /// <param name="End">When it ends.</param>
    /// <param name="Text">What is said in it.</param>
    /// <param name="AvgLogprob">The mean logarithm of the probabilities of its tokens.</param>
    /// <param name="NoSpeechProb">How likely it is that nobody speaks.</param>
    /// <param name="Words">Its words, if the server puts them here.</param>
    public sealed record Segment(
        double Start, double End, string? Text, double? AvgLogprob, double? NoSpeechProb, IReadOnlyList<TimedWord?>? Words)
    {
        public double Confidence => AvgLogprob is { } mean ? Math.Clamp(Math.Exp(mean), 0, 1) : 1;
    }
}
