using AX2Caption.Api.Errors;
using AX2Caption.Api.Videos;
using AX2Caption.Grains.Abstractions.Jobs;

namespace AX2Caption.Api.Jobs;

/// <summary>What the answers of the job grain mean for a client.</summary>
internal static class JobErrors
{
    public static ErrorResult NotFound => ErrorTable.JobNotFound.Because("The account has no job of this id.");

    public static ErrorResult AlreadyEnded(JobSnapshot job) =>
        ErrorTable.JobAlreadyEnded.Because($"Its state is '{Job.Of(job).State}'.", ("state", Job.Of(job).State));

    public static ErrorResult Of(SubmitJobResult refusal) => refusal switch
    {
        SubmitJobResult.KeyReused =>
            ErrorTable.IdempotencyKeyReused.Because("The key belongs to a job with another video, language, profile, quote or audio stream."),
        SubmitJobResult.VideoNotFound =>
            ErrorTable.VideoNotFound.Because("The account has no video of this id."),
        SubmitJobResult.VideoNotReady =>
            ErrorTable.VideoNotReady.Because("It is still being uploaded or probed. Read it until its state is 'ready'."),
        SubmitJobResult.VideoRejected { Rejection: var rejection } =>
            ErrorTable.VideoRejected.Because(rejection.Message, ("rejection", Reason.Of(rejection)!)),
        SubmitJobResult.LanguageNotServed { Served: var served } =>
            ErrorTable.LanguageNotSupported.Because($"Supported are: {string.Join(", ", served)}.", ("supported", served)),
        SubmitJobResult.ProfileUnknown { Known: var known } =>
            ErrorTable.ProfileUnknown.Because($"Known are: {string.Join(", ", known)}.", ("known", known)),
        SubmitJobResult.AudioStreamUnknown { Known: var known } =>
            ErrorTable.AudioStreamUnknown.Because($"Known are: {string.Join(", ", known)}.", ("known", known)),
        SubmitJobResult.InsufficientCredits { Required: var required, Available: var available } =>
            ErrorTable.InsufficientCredits.Because(
                $"The job costs {required} credits and {available} are available.", ("required", required), ("available", available)),
        SubmitJobResult.TooManyJobs { Limit: var limit } =>
            ErrorTable.TooManyJobs.Because($"An account may have {limit} jobs that have not ended. Wait for one.", ("limit", limit)),
        SubmitJobResult.QuoteNotValid =>
            ErrorTable.QuoteNotValid.Because(
                "The account has no such quote, its time is over, its engine is gone, or it is for another video, audio stream, language or profile. Get a new one."),
        SubmitJobResult.AccountClosed =>
            ErrorTable.TokenInvalid.Because("The guest account has become a member's, who has all that was in it. Sign in there."),
        SubmitJobResult.Busy =>
            ErrorTable.TooManyRequests.Because("Too much is being asked of the account's credits. Repeat it with the same Idempotency-Key.")
                .After(TimeSpan.FromSeconds(1)),
        _ => throw new InvalidOperationException($"Unknown answer {refusal.GetType().Name}."),
    };
}
