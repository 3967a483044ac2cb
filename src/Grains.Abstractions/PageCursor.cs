namespace AX2Caption.Grains.Abstractions;

/// <summary>The last row of a page that is ordered by creation, newest first; the next page begins behind it.</summary>
/// <param name="CreatedAt">When that row was created.</param>
/// <param name="Id">Its id, which orders rows of the same time.</param>
[GenerateSerializer, Immutable, Alias("ax2.PageCursor")]
public sealed record PageCursor([property: Id(0)] DateTimeOffset CreatedAt, [property: Id(1)] Guid Id);
