using System.Globalization;

namespace AX2Caption.Api.Jobs;

/// <summary>
/// The id of an event: where a stream goes on after it. Of one job it is the job's version, and says of its last event that it was
/// the last: what follows of the job, such as its credits, changes the version and nobody is told. Of all jobs it is a position.
/// </summary>
internal sealed record EventId(long Number, bool IsEnd)
{
    public static readonly int MaximumLength = Digits + End.Length;

    /// <summary>All that a <see cref="long"/> holds for certain.</summary>
    private const int Digits = 18;
    private const string End = "-end";

    public static bool TryParse(string text, out EventId? id)
    {
        id = null;
        var isEnd = text.EndsWith(End, StringComparison.Ordinal);
        var number = isEnd ? text.AsSpan(..^End.Length) : text;
        if (number.Length > Digits || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            return false;
        id = new EventId(value, isEnd);
        return true;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}{(IsEnd ? End : "")}");
}
