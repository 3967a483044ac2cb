namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>What a job would cost, promised until <paramref name="ExpiresAt"/> to whoever submits it with this quote.</summary>
/// <param name="QuoteId">Its id.</param>
/// <param name="VideoId">The video.</param>
/// <param name="Language">BCP 47 tag of the speech.</param>
/// <param name="Profile">Name of the layout profile.</param>
/// <param name="Engine">Name of the speech engine.</param>
/// <param name="Duration">Length of what is captioned.</param>
/// <param name="StartedMinutes">Minutes that are charged, at least 1.</param>
/// <param name="PerStartedMinute">Credits for each of them.</param>
/// <param name="Price">Credits in all.</param>
/// <param name="Available">Credits that the account has available now.</param>
/// <param name="ExpiresAt">Until when the price is promised.</param>
/// <param name="AudioStream">Index of the audio stream that is captioned.</param>
[GenerateSerializer, Immutable, Alias("ax2.JobQuote")]
public sealed record JobQuote(
    [property: Id(0)] Guid QuoteId,
    [property: Id(1)] Guid VideoId,
    [property: Id(2)] string Language,
    [property: Id(3)] string Profile,
    [property: Id(4)] string Engine,
    [property: Id(5)] TimeSpan Duration,
    [property: Id(6)] long StartedMinutes,
    [property: Id(7)] long PerStartedMinute,
    [property: Id(8)] long Price,
    [property: Id(9)] long Available,
    [property: Id(10)] DateTimeOffset ExpiresAt,
    [property: Id(11)] int AudioStream = 0);

/// <summary>A quote, or why the job could not be submitted whatever its price.</summary>
[GenerateSerializer, Immutable, Alias("ax2.JobQuoteResult")]
public abstract record JobQuoteResult
{
    private JobQuoteResult()
    {
    }

    /// <summary>Here it is.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.JobQuoteResult.Quoted")]
    public sealed record Quoted([property: Id(0)] JobQuote Quote) : JobQuoteResult;

    /// <summary>A job of this kind would be refused.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.JobQuoteResult.Refused")]
    public sealed record Refused([property: Id(0)] SubmitJobResult Refusal) : JobQuoteResult;
}
