using System.Runtime.InteropServices;

namespace AX2Caption.Benchmarks;

/// <summary>Turns SIGINT and SIGTERM into a cancellation, so that a benchmark stops the processes that it started.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource source = new();
    private readonly PosixSignalRegistration[] signals;

    public Interruption() =>
        signals = [.. from signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM] select PosixSignalRegistration.Create(signal, Cancel)];

    public CancellationToken Token => source.Token;

    public void Dispose()
    {
        foreach (var signal in signals)
            signal.Dispose();
        source.Dispose();
    }

    private void Cancel(PosixSignalContext context)
    {
        context.Cancel = true;
        source.Cancel();
    }
}
