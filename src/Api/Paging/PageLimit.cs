namespace AX2Caption.Api.Paging;

/// <summary>How many items a page has.</summary>
internal static class PageLimit
{
    public const int Default = 20;
    public const int Maximum = 100;
    public const string Description = "How many items at the most, 1 to 100; 20 without it.";
}
