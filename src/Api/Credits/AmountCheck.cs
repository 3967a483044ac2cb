using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Credits;

/// <summary>Refuses amounts that must be slips before they reach a grain; what an account has or can carry is decided there.</summary>
internal static class AmountCheck
{
    public const long Maximum = 1_000_000_000_000;

    /// <returns>Null if it could be granted or given back.</returns>
    public static ErrorResult? Positive(long amount) =>
        amount is >= 1 and <= Maximum ? null : ErrorTable.InvalidAmount.About("amount", $"must be from 1 to {Maximum}.");

    /// <returns>Null if an account could be corrected by it.</returns>
    public static ErrorResult? Signed(long amount) =>
        amount is not 0 and >= -Maximum and <= Maximum
            ? null
            : ErrorTable.InvalidAmount.About("amount", $"must be from {-Maximum} to {Maximum}, and not 0.");
}
