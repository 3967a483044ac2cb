using System.Text;
using AX2Caption.Api.Limits;
using AX2Caption.Grains.Abstractions;

namespace AX2Caption.Api.Requests;

internal static class RequestOrigins
{
    private const int MaximumDevice = 200;

    /// <summary>Where the request came from: for sessions and the audit log.</summary>
    public static RequestOrigin Origin(this HttpContext context) => new(
        ClientNetwork.Address(context.Connection.RemoteIpAddress), Device(context.Request.Headers.UserAgent.ToString()), context.TraceIdentifier);

    private static string? Device(string userAgent)
    {
        var printable = new StringBuilder();
        foreach (var character in userAgent.Where(character => character is >= ' ' and <= '~').Take(MaximumDevice))
            printable.Append(character);
        return printable.Length > 0 ? printable.ToString() : null;
    }
}
