using AX2Caption.Grains.Abstractions;

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

    /// <summary>The engine broke down, or answered what makes no sense.</summary>
    public static RecognitionFailedException Failed(Exception? inner = null) =>
        new(new Failure("engine_failed", "The speech engine failed. Please try again later."), retryable: true, inner);

    /// <summary>The engine cannot be reached, is overloaded or takes too long.</summary>
    public static RecognitionFailedException Unavailable(Exception? inner = null) =>
        new(new Failure("engine_unavailable", "The speech engine is not available at the moment. Please try again later."), retryable: true, inner);

    /// <summary>The engine does not take this audio.</summary>
    public static RecognitionFailedException Refused(Exception? inner = null) =>
        new(new Failure("engine_refused", "The speech engine did not accept the audio. Trying again will not help."), retryable: false, inner);

    /// <summary>Address, key, model or abilities of the engine are not what is configured.</summary>
    public static RecognitionFailedException Misconfigured(Exception? inner = null) =>
        new(new Failure("engine_misconfigured", "The speech engine is set up wrongly on our side. We have to correct it before this can work."), retryable: false, inner);
}
