using AX2Caption.Grains.Abstractions;
using AX2Caption.Grains.Abstractions.Work;

namespace AX2Caption.Grains.Transcription;

/// <summary>An engine could not recognise a chunk. What an operator needs to know is in the log.</summary>
internal sealed class RecognitionFailedException(Failure failure, bool retryable, Exception? inner) : Exception(failure.Message, inner)
{
    /// <summary>What the owner of the job is told.</summary>
    public Failure Failure { get; } = failure;

    /// <summary>Stable, for programs.</summary>
    public string Code => Failure.Code;

    /// <summary>Whether another attempt may go better.</summary>
    public bool Retryable { get; } = retryable;

    /// <summary>Whether it has nothing to do with the chunk: the engine is away, and the chunk may wait for it.</summary>
    public bool IsOutage { get; init; }

    /// <summary>How long the engine is to be left alone at least; null if it is not known.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>What the owner of the task is told.</summary>
    public TaskFailure TaskFailure => new(Failure, Retryable, IsOutage, RetryAfter);

    /// <summary>The engine broke down, took too long, or answered what makes no sense: the chunk may be the cause.</summary>
    public static RecognitionFailedException Failed(Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(new Failure("engine_failed", "The speech engine failed. Please try again later."), retryable: true, inner) { RetryAfter = retryAfter };

    /// <summary>The engine is not there, cannot be reached or is overloaded, whatever it is asked.</summary>
    public static RecognitionFailedException Unavailable(Exception? inner = null, TimeSpan? retryAfter = null) =>
        new(new Failure("engine_unavailable", "The speech engine is not available at the moment. Please try again later."), retryable: true, inner)
        {
            IsOutage = true,
            RetryAfter = retryAfter,
        };

    /// <summary>The engine does not take this audio.</summary>
    public static RecognitionFailedException Refused(Exception? inner = null) =>
        new(new Failure("engine_refused", "The speech engine did not accept the audio. Trying again will not help."), retryable: false, inner);

    /// <summary>Address, key, model or abilities of the engine are not what is configured.</summary>
    public static RecognitionFailedException Misconfigured(Exception? inner = null) =>
        new(new Failure("engine_misconfigured", "The speech engine is set up wrongly on our side. We have to correct it before this can work."), retryable: false, inner);
}
