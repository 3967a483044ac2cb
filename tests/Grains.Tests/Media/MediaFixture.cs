using AX2Caption.Grains.Media;
using Microsoft.Extensions.Options;

namespace AX2Caption.Grains.Tests.Media;

/// <summary>The media services with limits of a test's choice.</summary>
internal static class MediaFixture
{
    public static MediaSandbox Sandbox(MediaSandboxOptions? options = null, TimeProvider? time = null) =>
        new(Options.Create(options ?? new MediaSandboxOptions()), time ?? TimeProvider.System);

    public static MediaProbe Probe(MediaOptions? options = null, MediaSandboxOptions? sandbox = null) =>
        new(Sandbox(sandbox), Options.Create(options ?? new MediaOptions()));

    public static AudioExtractor Extractor(MediaSandboxOptions? sandbox = null) =>
        new(Sandbox(sandbox), Options.Create(new MediaOptions()));
}
