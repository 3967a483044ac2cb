using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Paging;

/// <summary>How many items a page has.</summary>
internal static class PageLimit
{
    public const int Default = 20;
    public const int Maximum = 100;
    public const string Description = "How many items at the most, 1 to 100; 20 without it.";

    /// <returns>Null if the limit can be used.</returns>
    public static ErrorResult? Check(int? limit, out int count)
    {
        count = limit ?? Default;
        return count is >= 1 and <= Maximum ? null : ErrorTable.InvalidRequest.Because($"limit must be from 1 to {Maximum}.");
    }
}
