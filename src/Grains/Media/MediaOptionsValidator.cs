using AX2Caption.Grains.Transcription;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>The longest accepted audio has to fit into the largest file that the sandbox lets ffmpeg write.</summary>
internal sealed class MediaOptionsValidator(IOptions<MediaSandboxOptions> sandbox) : IValidateOptions<MediaOptions>
{
    public ValidateOptionsResult Validate(string? name, MediaOptions options)
    {
        var needed = PcmAudio.BytesOf(options.MaxDuration);
        return needed <= sandbox.Value.FileSize
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(
                $"{MediaOptions.Section}:{nameof(MediaOptions.MaxDuration)} of {options.MaxDuration} needs "
                + $"{MediaSandboxOptions.Section}:{nameof(MediaSandboxOptions.FileSize)} of at least {needed} bytes.");
    }
}
