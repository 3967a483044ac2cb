using System.Globalization;
using System.Text.RegularExpressions;

namespace AX2Caption.Api.Credits;

/// <summary>Times as clients write them: RFC 3339 with an offset, so that none depends on where the server stands.</summary>
internal static partial class Rfc3339
{
    /// <summary>Reads what <see cref="TimeAttribute"/> has accepted.</summary>
    /// <returns>Null for null.</returns>
    public static DateTimeOffset? Read(string? text) => text is null ? null
        : TryRead(text, out var time) ? time
        : throw new FormatException("Not a time of RFC 3339.");

    /// <summary>
    /// Reads a time in UTC. It is rounded up to the microseconds that the ledger is kept in: that way both "from this time on"
    /// and "before this time" stay exactly what they were.
    /// </summary>
    public static bool TryRead(string text, out DateTimeOffset time)
    {
        time = default;
        if (!Shape().IsMatch(text)
            || !DateTimeOffset.TryParse(
                text.ToUpperInvariant(), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var read))
            return false;

        var missing = (TimeSpan.TicksPerMicrosecond - read.Ticks % TimeSpan.TicksPerMicrosecond) % TimeSpan.TicksPerMicrosecond;
        if (read.Ticks > DateTimeOffset.MaxValue.Ticks - missing)
            return false;
        time = read.AddTicks(missing);
        return true;
    }

    [GeneratedRegex(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,7})?([Zz]|[+-][0-9]{2}:[0-9]{2})\z")]
    private static partial Regex Shape();
}
