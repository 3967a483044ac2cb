using AX2Caption.Api.Accounts;
using AX2Caption.Api.Errors;
using AX2Caption.Grains.Abstractions.Credits;

namespace AX2Caption.Api.Credits;

/// <summary>What the refusals of the credit grain mean for the operator who asked.</summary>
internal static class CreditErrors
{
    public static ErrorResult Of(CreditResult refusal) => refusal switch
    {
        CreditResult.InsufficientCredits { Required: var required, Available: var available } =>
            ErrorTable.InsufficientCredits.Because(
                $"{required} credits would be taken away and {available} are available.", ("required", required), ("available", available)),
        CreditResult.Conflict =>
            KeyReused,
        CreditResult.HoldNotFound =>
            ErrorTable.JobNotFound.Because("The account never held credits for a job of this id."),
        CreditResult.HoldNotSettled { Hold: var hold } => NotSettled(hold),
        CreditResult.HoldNotOpen { Hold: var hold } => NotSettled(hold),
        CreditResult.InvalidAmount { Amount: var amount } =>
            ErrorTable.InvalidAmount.Because(
                $"{amount} is out of range: a refund is at most what the job spent and was not given back, "
                + $"and an account carries at most {AmountCheck.Maximum}."),
        CreditResult.AccountNotFound =>
            AccountErrors.NotFound,
        CreditResult.AccountMoved { AccountId: var member } =>
            ErrorTable.AccountMoved.Because(
                $"The guest has become the member {member}, who has all its credits and jobs.", ("movedTo", member)),
        CreditResult.InvalidExpiry { ExpiresAt: var time } =>
            ErrorTable.InvalidExpiry.Because($"{time:yyyy-MM-ddTHH:mm:ssZ} is not in the future."),
        CreditResult.LimitReached { Limit: var limit } =>
            ErrorTable.TooManyGrants.Because(
                $"An account may have {limit} grants that lapse. Wait for one to lapse or to be spent.", ("limit", limit)),
        CreditResult.Busy =>
            ErrorTable.TooManyRequests.Because("Too much is asked of this account's credits. Repeat it with the same Idempotency-Key.")
                .After(TimeSpan.FromSeconds(1)),
        _ => throw new InvalidOperationException($"Unknown answer {refusal.GetType().Name}."),
    };

    public static ErrorResult KeyReused =>
        ErrorTable.IdempotencyKeyReused.Because("The key belongs to another operation on this account's credits.");

    private static ErrorResult NotSettled(CreditHold hold)
    {
        var state = WireName<CreditHoldState>.Of(hold.State);
        return ErrorTable.JobNotSettled.Because(
            $"Its hold is '{state}': the job has spent nothing that could be given back.", ("holdState", state));
    }
}
