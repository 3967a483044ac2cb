using System.Runtime.InteropServices;

namespace AX2Caption.Grains.Transcription;

internal abstract class PocketSphinxHandle() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    public override bool IsInvalid => handle == 0;
}

internal sealed class ConfigurationHandle : PocketSphinxHandle
{
    protected override bool ReleaseHandle() => PocketSphinxNative.FreeConfiguration(handle) >= 0;
}

internal sealed class FrontEndHandle : PocketSphinxHandle
{
    protected override bool ReleaseHandle() => PocketSphinxNative.FreeFrontEnd(handle) >= 0;
}

internal sealed class DecoderHandle : PocketSphinxHandle
{
    protected override bool ReleaseHandle() => PocketSphinxNative.FreeDecoder(handle) >= 0;
}
