using System.Diagnostics;
using System.Text.Json;
using AX2Caption.Captions;
using AX2Caption.Grains.Media;

namespace AX2Caption.Grains.Transcription;

/// <summary>
/// One decoder in a process of its own. The native library can do what it likes there: at worst its process ends, and the chunk that it was at
/// fails. It serves one chunk at a time, and after a failure none.
/// </summary>
internal sealed class PocketSphinxProcess : IDisposable
{
    private const int ErrorSize = 4096;

    private readonly Process process;
    private readonly Task<CapturedText> errors;
    private readonly Task<int> exited;
    private Task talk = Task.CompletedTask;

    private PocketSphinxProcess(Process process, Task<CapturedText> errors, Task<int> exited)
    {
        this.process = process;
        this.errors = errors;
        this.exited = exited;
    }

    /// <summary>The process that stands for the engine: the sandbox's where there is one, which takes all within along.</summary>
    public int Id => process.Id;

    /// <summary>Whether it is no more.</summary>
    public bool HasEnded => exited.IsCompleted;

    /// <summary>Starts the program and waits until it has loaded its model.</summary>
    /// <exception cref="EngineCrashedException">It did not get that far.</exception>
    /// <exception cref="SandboxUnavailableException">It was not even begun.</exception>
    public static async Task<PocketSphinxProcess> Start(MediaSandboxOptions sandbox, string modelPath, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var process = new Process { StartInfo = EngineCommand.Build(sandbox, modelPath) };
        var exited = await SandboxThread.Start(process, "Speech engine");
        var engine = new PocketSphinxProcess(process, CapturedText.Read(process.StandardError.BaseStream, ErrorSize), exited);
        try
        {
            await engine.Talk(static input => { }, static _ => true, cancellationToken);
            return engine;
        }
        catch (EngineCrashedException crash) when (SandboxUnavailableException.Of(crash.Complaint, crash) is { } unavailable)
        {
            engine.Dispose();
            throw unavailable;
        }
        catch
        {
            engine.Dispose();
            throw;
        }
    }

    /// <summary>The chunk's words. When it is canceled or fails, the process is at its end.</summary>
    /// <exception cref="EngineCrashedException">The process ended, or said what makes no sense.</exception>
    public Task<IReadOnlyList<Word>> Recognize(PcmAudio audio, CancellationToken cancellationToken) => Talk(
        input => EngineFrames.Write(input, audio.ToBytes()),
        answer => (IReadOnlyList<Word>)(JsonSerializer.Deserialize<Word[]>(answer) ?? []),
        cancellationToken);

    /// <summary>Ends the process, whatever it is at.</summary>
    public void Dispose()
    {
        SandboxThread.Kill(process);
        // The thread that waits for its end, and the one that reads its answer, have the process until then.
        Task.WhenAll(exited, talk).ContinueWith(static (_, process) => ((Process)process!).Dispose(), process, TaskScheduler.Default);
    }

    private async Task<T> Talk<T>(Action<Stream> ask, Func<byte[], T> understand, CancellationToken cancellationToken)
    {
        await using var kill = cancellationToken.UnsafeRegister(static process => SandboxThread.Kill((Process)process!), process);
        var asked = false;
        try
        {
            // Pipes block: a thread of its own waits here for as long as the engine takes.
            var answer = Task.Factory.StartNew(
                () =>
                {
                    ask(process.StandardInput.BaseStream);
                    Volatile.Write(ref asked, true);
                    return understand(EngineFrames.Read(process.StandardOutput.BaseStream) ?? throw new EndOfStreamException());
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            talk = answer;
            return await answer;
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or JsonException)
        {
            SandboxThread.Kill(process);
            var exitCode = await exited;
            cancellationToken.ThrowIfCancellationRequested();
            throw new EngineCrashedException(exitCode, (await errors).Text.Trim(), fault) { BeforeItWasAsked = !Volatile.Read(ref asked) };
        }
    }
}

/// <summary>An engine's process ended where it should not have.</summary>
internal sealed class EngineCrashedException(int exitCode, string complaint, Exception inner)
    : Exception($"The speech engine's process ended with {exitCode}: {(complaint.Length > 0 ? complaint : "it said nothing")}", inner)
{
    /// <summary>What it had said on its way out.</summary>
    public string Complaint { get; } = complaint;

    /// <summary>Whether it ended before it had what it was to work at, which then is not the cause.</summary>
    public required bool BeforeItWasAsked { get; init; }
}
