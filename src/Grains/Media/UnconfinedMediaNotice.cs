using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Media;

/// <summary>Says at every start that the sandbox was switched off, so that nobody forgets it.</summary>
internal sealed partial class UnconfinedMediaNotice(IOptions<MediaSandboxOptions> options, ILogger<UnconfinedMediaNotice> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!options.Value.Required)
            LogUnconfined($"{MediaSandboxOptions.Section}:{nameof(MediaSandboxOptions.Required)}");
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning,
        "DANGER: {Setting} is false. Uploaded media is opened WITHOUT a sandbox, with the files and the network of this process's user: "
        + "a file that makes ffmpeg misbehave has them too. Install bubblewrap and set it to true.")]
    private partial void LogUnconfined(string setting);
}
