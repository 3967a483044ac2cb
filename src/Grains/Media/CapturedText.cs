using System.Text;

namespace AX2Caption.Grains.Media;

/// <summary>What a process wrote, as far as the bound let it be kept.</summary>
internal sealed record CapturedText(string Text, bool Truncated)
{
    /// <summary>Reads to the end, so that the writer never blocks, and keeps the first <paramref name="limit"/> bytes.</summary>
    public static async Task<CapturedText> Read(Stream stream, int limit)
    {
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        var truncated = false;
        int read;

        // The end comes when the last writer is dead; a token here would let a run be reported as over while it is not.
        while ((read = await stream.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            var room = (int)Math.Min(read, limit - kept.Length);
            kept.Write(buffer, 0, room);
            truncated |= room < read;
        }

        return new CapturedText(Encoding.UTF8.GetString(kept.GetBuffer(), 0, (int)kept.Length), truncated);
    }
}
