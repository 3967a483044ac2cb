using System.Globalization;

namespace AX2Caption.Grains.Webhooks;

/// <summary>Ports from the first to the last.</summary>
internal sealed record PortRange(int First, int Last)
{
    public bool Contains(int port) => port >= First && port <= Last;

    /// <returns>Null if the text is neither a port nor a range of ports.</returns>
    public static PortRange? Read(string text)
    {
        var ends = text.Split('-');
        return ends.Length <= 2 && IsPort(ends[0], out var first) && IsPort(ends[^1], out var last) && first <= last
            ? new PortRange(first, last)
            : null;
    }

    private static bool IsPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535;
}
