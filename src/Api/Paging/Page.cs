namespace AX2Caption.Api.Paging;

/// <summary>A stretch of a list, newest first.</summary>
/// <param name="Items">Its items.</param>
/// <param name="Next">Pass as <c>cursor</c> for the following page; null at the end.</param>
internal sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
