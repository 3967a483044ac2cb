using System.Globalization;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>Takes a small picture of a video.</summary>
internal sealed class Thumbnailer(MediaSandbox sandbox, IOptions<MediaOptions> options)
{
    private const string FileName = "thumbnail.jpg";

    /// <summary>Far above what 640 pixels of width come to.</summary>
    private const long MaximumBytes = 4L << 20;

    // 640 pixels wide or less and never enlarged; even, as the encoder wants it, with the shape that players show. The bound on the
    // height is for pictures of absurd shape.
    private const string Small =
        "scale=w='2*trunc(max(2,min(640,iw*sar))/2)':h='2*trunc(max(2,min(1280,ow/dar))/2)',setsar=1";

    // The first picture that is dark in less than 90 % of its pixels.
    private const string NotBlack = "blackframe=amount=0:threshold=32,metadata=mode=select:key=lavfi.blackframe.pblack:value=90:function=less";

    /// <summary>Writes <c>thumbnail.jpg</c> into <paramref name="outputFolder"/>, from near a tenth of the way if that is not black.</summary>
    /// <param name="path">The media file.</param>
    /// <param name="info">What the probe found in it.</param>
    /// <param name="outputFolder">A folder that exists and may be written to.</param>
    /// <param name="cancellationToken">Kills the tool.</param>
    /// <returns>The path of the picture; null if there are none that decode within the limits, which is no fault of the file's.</returns>
    public async Task<string?> Take(string path, MediaInfo info, string outputFolder, CancellationToken cancellationToken)
    {
        if (info.Streams.FirstOrDefault(IsAccepted) is not { } pictures)
            return null;

        var mark = info.Duration / 10;
        // Key pictures only, which are cheap to come by: one is rarely further from the next than ten seconds.
        return await Take(
                path, pictures, outputFolder,
                ["-skip_frame", "nokey", "-noaccurate_seek", "-ss", mark.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture), "-t", "30"],
                $"{Small},{NotBlack}", cancellationToken)
            ?? await Take(path, pictures, outputFolder, [], Small, cancellationToken);
    }

    private bool IsAccepted(MediaStream stream) =>
        stream.Kind == StreamKind.Video && CodecNames.Contains(options.Value.PictureCodecs, stream.Codec);

    private async Task<string?> Take(
        string path, MediaStream pictures, string outputFolder, IEnumerable<string> reading, string filter, CancellationToken cancellationToken)
    {
        try
        {
            var result = await sandbox.Run(MediaTool.Ffmpeg,
                [
                    .. UntrustedInput.ForFfmpeg(options.Value, reading),
                    "-map", string.Create(CultureInfo.InvariantCulture, $"0:{pictures.Index}"), "-an", "-sn", "-dn", "-vf", filter,
                    "-frames:v", "1", "-map_metadata", "-1", "-map_chapters", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact",
                    "-c:v", "mjpeg", "-q:v", "4", "-pix_fmt", "yuvj420p", "-f", "mjpeg", "-y", $"file:{SandboxCommand.OutputFolder}/{FileName}",
                ],
                path, outputFolder, cancellationToken);
            return result.Succeeded && ToolOutput.Find(outputFolder, FileName) is { Length: <= MaximumBytes } picture ? picture.FullName : null;
        }
        catch (Exception fault) when (fault is TimeoutException or MediaToolDisturbedException { WasToldToEnd: false })
        {
            // Captions need no picture: what takes too long, or more than the machine has, is left.
            return null;
        }
    }
}
