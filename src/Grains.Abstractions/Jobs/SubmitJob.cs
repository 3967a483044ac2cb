using System.Text.Json.Serialization;

namespace AX2Caption.Grains.Abstractions.Jobs;

/// <summary>A captioning job to be done.</summary>
/// <param name="AccountId">Who pays and owns it.</param>
/// <param name="VideoId">A ready video of the same account.</param>
/// <param name="Language">BCP 47 tag of the speech; <c>auto</c> where the engine is to find it out.</param>
/// <param name="Profile">Name of the layout profile; null or <c>auto</c> for the language's default.</param>
/// <param name="QuoteId">The quote whose price is to be charged; null for the price of the moment.</param>
/// <param name="AudioStream">Index of the audio stream in the file; null for the video's own choice.</param>
[GenerateSerializer, Immutable, Alias("ax2.SubmitJob")]
public sealed record SubmitJob(
    [property: Id(0)] Guid AccountId,
    [property: Id(1)] Guid VideoId,
    [property: Id(2)] string Language,
    [property: Id(3)] string? Profile,
    // Left out where there is none: the hash of a job that was submitted before there were quotes must not change.
    [property: Id(4), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Guid? QuoteId = null,
    // Left out where there is none, for the same reason.
    [property: Id(5), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? AudioStream = null);

/// <summary>What became of a submitted job.</summary>
[GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult")]
public abstract record SubmitJobResult
{
    private SubmitJobResult()
    {
    }

    /// <summary>The job exists and its credits are held.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.Accepted")]
    public sealed record Accepted([property: Id(0)] JobSnapshot Job, [property: Id(1)] bool Replayed) : SubmitJobResult;

    /// <summary>The idempotency key already names another request.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.KeyReused")]
    public sealed record KeyReused : SubmitJobResult;

    /// <summary>The account has no such video.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.VideoNotFound")]
    public sealed record VideoNotFound : SubmitJobResult;

    /// <summary>The video is still being uploaded or probed.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.VideoNotReady")]
    public sealed record VideoNotReady : SubmitJobResult;

    /// <summary>The video cannot be captioned.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.VideoRejected")]
    public sealed record VideoRejected([property: Id(0)] Failure Rejection) : SubmitJobResult;

    /// <summary>No engine serves the language.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.LanguageNotServed")]
    public sealed record LanguageNotServed([property: Id(0)] IReadOnlyList<string> Served) : SubmitJobResult;

    /// <summary>There is no such layout profile.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.ProfileUnknown")]
    public sealed record ProfileUnknown([property: Id(0)] IReadOnlyList<string> Known) : SubmitJobResult;

    /// <summary>The video has no audio stream of this index that could be captioned; those it has are named.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.AudioStreamUnknown")]
    public sealed record AudioStreamUnknown([property: Id(0)] IReadOnlyList<int> Known) : SubmitJobResult;

    /// <summary>The account cannot pay.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.InsufficientCredits")]
    public sealed record InsufficientCredits([property: Id(0)] long Required, [property: Id(1)] long Available) : SubmitJobResult;

    /// <summary>The account has as many live jobs as it may.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.TooManyJobs")]
    public sealed record TooManyJobs([property: Id(0)] int Limit) : SubmitJobResult;

    /// <summary>The account has no such quote, its time is over, its engine is gone, or it is for another job than this one.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.QuoteNotValid")]
    public sealed record QuoteNotValid : SubmitJobResult;

    /// <summary>The account was a guest's that has become a member's: it takes no more jobs.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.AccountClosed")]
    public sealed record AccountClosed : SubmitJobResult;

    /// <summary>Too much is being asked of the account's credits at the moment; nothing happened. Repeat it a little later.</summary>
    [GenerateSerializer, Immutable, Alias("ax2.SubmitJobResult.Busy")]
    public sealed record Busy : SubmitJobResult;
}
