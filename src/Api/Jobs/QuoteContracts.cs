using AX2Caption.Api.Validation;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Jobs;

/// <summary>A captioning job whose price is asked for.</summary>
/// <param name="VideoId">A video of the account that is ready.</param>
/// <param name="Language">BCP 47 tag of the speech, for example <c>en</c>; <c>auto</c> to have it found out, where an engine can.</param>
/// <param name="Profile">Name of the layout profile; the language's default if it is left out or <c>auto</c>.</param>
/// <param name="AudioStream">The <c>index</c> of the audio stream to caption; the video's <c>audioStream</c> if it is left out.</param>
internal sealed record NewQuote(
    Guid VideoId,
    [Name] string Language,
    [Name] string? Profile = null,
    [WholeNumber(0, VideoStream.MaximumIndex)] int? AudioStream = null);

/// <summary>What a job would cost. It holds no credits; the price is promised to the job that is submitted with its id in time.</summary>
/// <param name="Id">Its id, the <c>quoteId</c> of a job.</param>
/// <param name="VideoId">The video.</param>
/// <param name="Language">BCP 47 tag of the speech.</param>
/// <param name="Profile">Name of the layout profile.</param>
/// <param name="AudioStream">Index of the audio stream that is captioned.</param>
/// <param name="Engine">Name of the speech engine.</param>
/// <param name="DurationMs">Length of what is captioned.</param>
/// <param name="StartedMinutes">Minutes that are charged, at least 1.</param>
/// <param name="PerStartedMinute">Credits for each of them.</param>
/// <param name="Price">Credits in all.</param>
/// <param name="Available">Credits that the account has available now.</param>
/// <param name="Sufficient">Whether those are enough.</param>
/// <param name="ExpiresAt">Until when the price is promised.</param>
internal sealed record Quote(
    Guid Id,
    Guid VideoId,
    string Language,
    string Profile,
    int AudioStream,
    string Engine,
    long DurationMs,
    long StartedMinutes,
    long PerStartedMinute,
    long Price,
    long Available,
    bool Sufficient,
    DateTimeOffset ExpiresAt)
{
    public static Quote Of(JobQuote quote) => new(
        quote.QuoteId,
        quote.VideoId,
        quote.Language,
        quote.Profile,
        quote.AudioStream,
        quote.Engine,
        (long)quote.Duration.TotalMilliseconds,
        quote.StartedMinutes,
        quote.PerStartedMinute,
        quote.Price,
        quote.Available,
        quote.Available >= quote.Price,
        quote.ExpiresAt);
}
