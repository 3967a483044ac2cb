using AX2Caption.Grains.Abstractions.Jobs;
using AX2Caption.Grains.Database;
using Npgsql;

namespace AX2Caption.Grains.Jobs;

/// <summary>Prices that were promised.</summary>
internal sealed class QuoteStore(NpgsqlDataSource database)
{
    /// <summary>Keeps a promise; the same one again changes nothing.</summary>
    public Task<int> Save(Guid accountId, JobQuote quote, AudioTrack audio) => database.Execute(
        """
        insert into job_quote (quote_id, account_id, video_id, language, profile, price, expires_at, audio_stream, engine)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        on conflict (quote_id) do nothing
        """,
        [quote.QuoteId, accountId, quote.VideoId, quote.Language, quote.Profile, quote.Price, quote.ExpiresAt, audio.Named, quote.Engine]);

    /// <summary>What the account was promised for just this job; null if it was promised nothing, or the promise has ended.</summary>
    public async Task<QuotedPrice?> PriceOf(Guid quoteId, SubmitJob command, JobTerms terms, DateTimeOffset now)
    {
        var prices = await database.Read(
            """
            select price, engine from job_quote
            where quote_id = $1 and account_id = $2 and video_id = $3 and language = $4 and profile = $5 and expires_at > $6
              and audio_stream is not distinct from $7
            """,
            [quoteId, command.AccountId, command.VideoId, terms.Language, terms.Profile, now, terms.Audio.Named],
            row => new QuotedPrice(row.GetInt64(0), row.NullableText(1) ?? terms.Engine));
        return prices is [var price] ? price : null;
    }

    public Task<int> Delete(DateTimeOffset expiredBefore, int limit, CancellationToken cancellationToken) => database.Execute(
        "delete from job_quote where quote_id in (select quote_id from job_quote where expires_at < $1 limit $2)",
        [expiredBefore, limit],
        cancellationToken);
}

/// <summary>A price, and whose work it is for.</summary>
/// <param name="Credits">The price.</param>
/// <param name="Engine">Name of the engine; quotes of before do not name one, and mean the one of the moment.</param>
internal sealed record QuotedPrice(long Credits, string Engine);
