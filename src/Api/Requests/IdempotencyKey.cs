using AX2Caption.Api.Errors;
using UUIDNext;

namespace AX2Caption.Api.Requests;

/// <summary>The client's name for a request, by which a repeated one is recognised.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const int MaximumLength = 200;


    /// <returns>Null if the key can be used.</returns>
    public static ErrorResult? Check(string? key) => key switch
    {
        null or "" =>
            ErrorTable.IdempotencyKeyMissing.Because($"Send {Header} with a new value for each request, and the same when you repeat it."),
        { Length: > MaximumLength } => Invalid(),
        _ when key.Any(character => character is < ' ' or > '~') => Invalid(),
        _ => null,
    };

    /// <summary>The id of the job that this account's key names.</summary>
    public static Guid JobId(Guid accountId, string key) => Uuid.NewNameBased(accountId, key);

    /// <summary>The id of the ledger operation on this account that an operator's key names.</summary>
    public static Guid OperatorsOperationId(Guid accountId, string key) => Uuid.NewNameBased(accountId, $"admin:{key}");

    private static ErrorResult Invalid() =>
        ErrorTable.IdempotencyKeyInvalid.Because($"It must be 1 to {MaximumLength} printable ASCII characters.");
}
