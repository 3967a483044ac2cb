using System.Globalization;
using System.Text.RegularExpressions;
using AX2Caption.Api.Errors;

namespace AX2Caption.Api.Credits;

/// <summary>Times as clients write them: RFC 3339 with an offset, so that none depends on where the server stands.</summary>
internal static partial class Rfc3339
{
    /// <returns>Null if the time, which may be absent, can be used.</returns>
    public static ErrorResult? Read(string name, string? text, out DateTimeOffset? time)
    {
        time = null;
        if (text is null)
            return null;
        if (!TryRead(text, out var read))
        {
            return ErrorTable.InvalidRequest.Because(
                $"{name} must be an RFC 3339 time with an offset, such as 2026-11-25T09:30:00Z. "
                + "The '+' of an offset is written %2B in a query.");
        }

        time = read;
        return null;
    }

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
