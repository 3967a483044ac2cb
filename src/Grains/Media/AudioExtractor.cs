using System.Globalization;
using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>Decodes one audio stream into what speech engines take.</summary>
internal sealed class AudioExtractor(MediaSandbox sandbox, IOptions<MediaOptions> options)
{
    private const string FileName = "audio.pcm";

    /// <summary>
    /// Writes <c>audio.pcm</c> (see <see cref="PcmAudio"/>) into <paramref name="outputFolder"/>. Its first sample is the start of the
    /// file's timeline: where the audio begins late or has gaps, silence is filled in, so that positions are those of the media.
    /// </summary>
    /// <param name="path">The media file.</param>
    /// <param name="audioStreamIndex">The stream's number in the file, as in <see cref="MediaStream.Index"/>.</param>
    /// <param name="outputFolder">A folder that exists and may be written to.</param>
    /// <param name="maxDuration">What goes beyond is left out; the measured duration is the right value.</param>
    /// <param name="cancellationToken">Kills the tool.</param>
    /// <returns>The path of the file.</returns>
    /// <exception cref="MediaUnreadableException">Nothing of the stream decodes, or decoding it takes more than one file may take.</exception>
    public async Task<string> Extract(
        string path, int audioStreamIndex, string outputFolder, TimeSpan maxDuration, CancellationToken cancellationToken)
    {
        var result = await sandbox.Run(MediaTool.Ffmpeg,
            [
                .. UntrustedInput.ForFfmpeg(options.Value),
                "-map", string.Create(CultureInfo.InvariantCulture, $"0:{audioStreamIndex}"), "-vn", "-sn", "-dn",
                "-af", "aresample=async=1:first_pts=0",
                "-ac", "1", "-ar", PcmAudio.SampleRate.ToString(CultureInfo.InvariantCulture),
                "-t", maxDuration.TotalSeconds.ToString("0.######", CultureInfo.InvariantCulture),
                "-f", "s16le", "-y", $"file:{SandboxCommand.OutputFolder}/{FileName}",
            ],
            path, outputFolder, cancellationToken);

        if (result.HitLimit)
            throw new MediaUnreadableException(MediaRejection.MediaTooComplex, "Decoding its audio takes more than one file may take.");
        if (!result.Succeeded || ToolOutput.Find(outputFolder, FileName) is not { } audio)
            throw new MediaUnreadableException(MediaRejection.MediaUnreadable, "Its audio does not decode.");
        return audio.FullName;
    }
}
