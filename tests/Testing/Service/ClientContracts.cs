using System.Text.Json;
using System.Text.Json.Serialization;

namespace AX2Caption.Testing.Service;

// The API's answers as a client that knows only the documentation would write them down: were they the server's own types, no
// test would notice that a name on the wire has changed.

/// <summary>The answer of <c>POST /v1/auth/guest</c>.</summary>
public sealed record ClientSession(
    Guid AccountId,
    string Kind,
    string AccessToken,
    string TokenType,
    DateTimeOffset ExpiresAt,
    string? RefreshToken,
    DateTimeOffset SessionExpiresAt,
    ClientCredits Credits);

/// <summary>The answer of <c>POST /v1/auth/sign-in</c> and <c>/refresh</c>.</summary>
public sealed record ClientTokens(
    Guid AccountId,
    string Kind,
    string AccessToken,
    string TokenType,
    DateTimeOffset ExpiresAt,
    string? RefreshToken,
    DateTimeOffset SessionExpiresAt);

/// <summary>The account of whoever asks.</summary>
public sealed record ClientMe(
    Guid Id,
    string Kind,
    string? Email,
    string? Name,
    string? Language,
    string? Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PasswordChangedAt);

/// <summary>A device that is signed in.</summary>
public sealed record ClientDevice(
    Guid Id, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt, string Address, string? Device);

/// <summary>Something that somebody did.</summary>
public sealed record ClientEvent(
    Guid Id,
    DateTimeOffset At,
    string Kind,
    Guid? AccountId,
    Guid? ActorId,
    string Actor,
    string? Address,
    string? Device,
    string? RequestId,
    string? Detail);

/// <summary>A balance.</summary>
public sealed record ClientCredits(long Available, long Reserved);

/// <summary>A balance with all that makes it up.</summary>
public sealed record ClientCreditsInFull(
    long Available, long Reserved, IReadOnlyList<ClientExpiring> Expiring, IReadOnlyList<ClientHold> Holds);

/// <summary>Available credits that lapse.</summary>
public sealed record ClientExpiring(long Amount, DateTimeOffset ExpiresAt);

/// <summary>Credits held for a job.</summary>
public sealed record ClientHold(Guid JobId, long Amount, DateTimeOffset ExpiresAt);

/// <summary>A line of the ledger.</summary>
public sealed record ClientEntry(
    long Seq,
    string Kind,
    long Amount,
    long AvailableAfter,
    long ReservedAfter,
    Guid? HoldId,
    Guid? JobId,
    string? Source,
    DateTimeOffset? ExpiresAt,
    Guid? GrantId,
    bool ByOperator,
    string Reason,
    DateTimeOffset At);

/// <summary>A line of the ledger, as operators see it.</summary>
public sealed record ClientOperatorsEntry(
    long Seq,
    Guid OpId,
    string Kind,
    long Amount,
    long AvailableAfter,
    long ReservedAfter,
    Guid? HoldId,
    Guid? JobId,
    string? Source,
    DateTimeOffset? ExpiresAt,
    Guid? GrantId,
    bool ByOperator,
    string? Actor,
    Guid? OtherAccountId,
    string Reason,
    DateTimeOffset At);

/// <summary>What an operation of an operator's came to.</summary>
public sealed record ClientAppliedOperation(ClientOperatorsEntry Entry, ClientCredits Credits);

/// <summary>An account, as operators see it.</summary>
public sealed record ClientAccount(
    Guid Id,
    string Kind,
    DateTimeOffset CreatedAt,
    Guid? MergedInto,
    DateTimeOffset? DeletedAt,
    string? Email,
    string? Name,
    string? Role,
    ClientCreditsInFull Credits);

/// <summary>What a job would cost.</summary>
public sealed record ClientQuote(
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
    DateTimeOffset ExpiresAt);

/// <summary>A video.</summary>
public sealed record ClientVideo(
    Guid Id,
    string State,
    string FileName,
    long? Bytes,
    long? DurationMs,
    string? Container,
    IReadOnlyList<ClientStream> Streams,
    int? AudioStream,
    bool HasThumbnail,
    ClientReason? Rejection,
    DateTimeOffset CreatedAt,
    DateTimeOffset? ExpiresAt);

/// <summary>A stream of a video.</summary>
public sealed record ClientStream(int Index, string Kind, string Codec, string? Language, long? DurationMs);

/// <summary>Why something went wrong.</summary>
public sealed record ClientReason(string Code, string Message);

/// <summary>A job.</summary>
public sealed record ClientJob(
    Guid Id,
    Guid VideoId,
    string State,
    string Language,
    string? DetectedLanguage,
    string Profile,
    long Price,
    ClientProgress Progress,
    ClientReason? Failure,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? EstimatedFinishAt,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? DeletedAt,
    ClientLinks? Links)
{
    /// <summary>Whether it will not change any more.</summary>
    [JsonIgnore]
    public bool HasEnded => State is "succeeded" or "failed" or "canceled";
}

/// <summary>A job, as operators see it.</summary>
public sealed record ClientOperatorsJob(Guid AccountId, ClientJob Job);

/// <summary>A job and its work, as operators see it.</summary>
public sealed record ClientOperatorsJobInFull(
    Guid AccountId,
    ClientJob Job,
    string Credit,
    bool HasWorkFiles,
    DateTimeOffset DeadlineAt,
    IReadOnlyList<ClientOperatorsTask> Tasks,
    int TaskCount);

/// <summary>A task of a job.</summary>
public sealed record ClientOperatorsTask(
    Guid Id,
    string Kind,
    int Ordinal,
    string State,
    int Attempts,
    string? Worker,
    DateTimeOffset? LeaseExpiresAt,
    string? FailureCode,
    DateTimeOffset? NotBefore,
    DateTimeOffset? EndedAt);

/// <summary>The receipt of a deleted video.</summary>
public sealed record ClientDeletion(
    Guid VideoId,
    string Reason,
    IReadOnlyList<Guid> Jobs,
    int Objects,
    long Bytes,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt);

/// <summary>A job's progress.</summary>
public sealed record ClientProgress(string Stage, int Percent, int ChunksDone, int? ChunksTotal);

/// <summary>Paths of captions.</summary>
public sealed record ClientLinks(string Srt, string Vtt);

/// <summary>Where events are sent.</summary>
public sealed record ClientWebhook(
    Guid Id,
    string Url,
    IReadOnlyList<string> Events,
    string? Description,
    string State,
    string? DisabledBecause,
    int Failures,
    DateTimeOffset? FailingSince,
    DateTimeOffset? NextProbeAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset? PreviousSecretUntil);

/// <summary>A webhook that was registered.</summary>
public sealed record ClientRegisteredWebhook(ClientWebhook Webhook, string Secret);

/// <summary>Another secret of a webhook.</summary>
public sealed record ClientWebhookSecret(string Secret, DateTimeOffset PreviousSecretUntil);

/// <summary>An event for a webhook.</summary>
public sealed record ClientDelivery(
    Guid Id,
    string Type,
    Guid? JobId,
    string State,
    DateTimeOffset CreatedAt,
    DateTimeOffset? NextAttemptAt,
    DateTimeOffset? EndedAt,
    int AttemptCount,
    IReadOnlyList<ClientAttempt> Attempts,
    string Payload,
    string? ExpiredBecause);

/// <summary>A try to deliver an event.</summary>
public sealed record ClientAttempt(DateTimeOffset At, long DurationMs, int? Status, string? Error, string? Response);

/// <summary>A page of a list.</summary>
public sealed record ClientPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>An error, RFC 9457.</summary>
public sealed record ClientProblem(string Type, string Title, int Status, string Detail, string Code, string RequestId)
{
    /// <summary>The members that only some errors have.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Members { get; init; } = [];
}
