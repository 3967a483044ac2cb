using System.Diagnostics;
using System.Globalization;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Tests.Media;
using AX2Caption.Grains.Transcription;
using AX2Caption.Testing;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Transcription;

/// <summary>The native engine dies, and this process, which stands for a silo, does not.</summary>
public sealed class CrashingTheEngine(SpeechFixture speech) : IClassFixture<SpeechFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private PcmAudio Endless => new(Enumerable.Repeat(speech.All.Samples.ToArray(), 20).SelectMany(samples => samples).ToArray());

    [Theory]
    [InlineData("SEGV", true)]
    [InlineData("SEGV", false)]
    [InlineData("KILL", true)]
    public async Task Amid_a_chunk_fails_that_chunk_and_the_next_has_a_new_engine(string signal, bool sandboxed)
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 }, sandboxed: sandboxed);
        await engine.CheckHealth(Token);
        var before = Assert.Single(engine.Processes);
        var chunk = Endless;
        var native = Innermost(before);
        var hasIt = BytesRead(native) + (chunk.Samples.Length * sizeof(short));
        var running = engine.Transcribe(chunk, "en", Token);
        await Until(() => BytesRead(native) >= hasIt);

        // The runtime passes over a single SIGSEGV that nothing has caused; a real one comes again at the same instruction.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(Patience);
        do
        {
            limit.Token.ThrowIfCancellationRequested();
            await Signal(signal, native);
        }
        while (Exists(native));

        var failure = await Assert.ThrowsAsync<RecognitionFailedException>(() => running.WaitAsync(Patience, Token));
        Assert.Equal(("engine_failed", true), (failure.Code, failure.Retryable));
        Assert.NotEmpty((await engine.Transcribe(speech.Sentences[1], "en", Token).WaitAsync(Patience, Token)).Words);
        Assert.NotEqual(before, Assert.Single(engine.Processes));
        Assert.False(Exists(before));
    }

    [Fact]
    public async Task A_sandbox_that_cannot_be_set_up_is_no_fault_of_the_chunk()
    {
        using var folder = new TempFolder();
        var sandbox = folder.File("bwrap");
        await File.WriteAllTextAsync(sandbox, "#!/bin/sh\necho 'bwrap: No permissions to create a new namespace' >&2\nexit 1\n", Token);
        File.SetUnixFileMode(sandbox, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions(), sandbox: new MediaSandboxOptions { Bwrap = sandbox });

        await Assert.ThrowsAsync<SandboxUnavailableException>(() => engine.Transcribe(speech.Sentences[0], "en", Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_it_is_idle_costs_no_chunk(bool known)
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 });
        await engine.CheckHealth(Token);
        var before = Assert.Single(engine.Processes);
        await Signal("KILL", Innermost(before));
        if (known)
            await Gone(before);

        Assert.NotEmpty((await engine.Transcribe(speech.Sentences[1], "en", Token)).Words);
    }

    [Fact]
    public async Task Canceling_or_disposing_leaves_no_process()
    {
        var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 2 });
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var canceled = engine.Transcribe(Endless, "en", cancel.Token);
        var disposed = engine.Transcribe(Endless, "en", Token);
        await Until(() => engine.Processes.Count == 2);
        var family = engine.Processes.SelectMany(Family).ToList();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => canceled);
        engine.Dispose();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => disposed);

        await Until(() => !family.Any(Exists));
    }

    [Fact]
    public async Task Canceling_at_any_moment_of_its_start_ends_it()
    {
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 });
        for (var moment = TimeSpan.Zero; moment < TimeSpan.FromMilliseconds(60); moment += TimeSpan.FromMilliseconds(0.5))
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var running = engine.Transcribe(Endless, "en", cancel.Token);
            await Moment.Pass(moment);

            await cancel.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience, Token));
        }

        Assert.Empty(engine.Processes);
    }

    [Fact]
    public async Task A_chunk_that_never_ends_is_ended()
    {
        var clock = new FakeTimeProvider();
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 }, clock);
        await engine.CheckHealth(Token);
        var running = engine.Transcribe(Endless, "en", Token);

        clock.Advance(TimeSpan.FromMinutes(15));

        Assert.Equal("engine_failed", (await Assert.ThrowsAsync<RecognitionFailedException>(() => running.WaitAsync(Patience, Token))).Code);
    }

    [Fact]
    public async Task A_start_that_never_ends_is_ended_and_keeps_no_place()
    {
        using var folder = new TempFolder();
        var hanging = folder.File("prlimit");
        await File.WriteAllTextAsync(hanging, "#!/bin/sh\nexec sleep 600\n", Token);
        File.SetUnixFileMode(hanging, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var clock = new FakeTimeProvider();
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { Decoders = 1 }, clock, sandbox: new MediaSandboxOptions { Prlimit = hanging });

        for (var attempt = 0; attempt < 2; attempt++)
        {
            var running = engine.Transcribe(speech.Sentences[0], "en", Token);
            clock.Advance(TimeSpan.FromMinutes(1));

            Assert.Equal("engine_failed", (await Assert.ThrowsAsync<RecognitionFailedException>(() => running.WaitAsync(Patience, Token))).Code);
        }

        Assert.Empty(engine.Processes);
    }

    [Theory]
    [InlineData("en-us/mdef")]
    [InlineData("en-us.lm.bin")]
    public async Task A_corrupt_model_is_told_by_the_health_check(string file)
    {
        using var folder = new TempFolder();
        var original = new PocketSphinxOptions().ModelPath;
        foreach (var path in Directory.EnumerateFiles(original, "*", SearchOption.AllDirectories))
        {
            var copy = folder.File(Path.GetRelativePath(original, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(path, copy);
        }

        await File.WriteAllBytesAsync(folder.File(file), [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * 31))], Token);
        using var engine = SpeechFixture.NewEngine(new PocketSphinxOptions { ModelPath = folder.Path });

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => engine.CheckHealth(Token));

        Assert.Contains("does not start with the model at 'Transcription:PocketSphinx:ModelPath'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(engine.Processes);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_started_it_is_gone_and_so_is_it_amid_a_chunk(bool sandboxed)
    {
        using var process = new Process { StartInfo = EngineCommand.Build(new MediaSandboxOptions { Required = sandboxed }, new PocketSphinxOptions().ModelPath) };
        var exited = await SandboxThread.Start(process, "Speech engine");
        try
        {
            Assert.Empty(await Task.Run(() => EngineFrames.Read(process.StandardOutput.BaseStream)!, Token));
            EngineFrames.Write(process.StandardInput.BaseStream, Endless.ToBytes());
            var family = Family(process.Id);

            // What the kernel does to the pipe of a process that is killed.
            process.StandardInput.Close();

            await Until(() => !family.Any(Exists));
        }
        finally
        {
            process.Kill();
            await exited;
        }
    }

    private static int Innermost(int pid) => Family(pid)[^1];

    private static List<int> Family(int pid)
    {
        var family = new List<int> { pid };
        for (var at = 0; at < family.Count; at++)
            family.AddRange(File.ReadAllText($"/proc/{family[at]}/task/{family[at]}/children")
                .Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(child => int.Parse(child, CultureInfo.InvariantCulture)));
        return family;
    }

    private static bool Exists(int pid)
    {
        try
        {
            return !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            // It ended before, or while, it was looked at.
            return false;
        }
    }

    private static long BytesRead(int pid) =>
        long.Parse(File.ReadLines($"/proc/{pid}/io").First(line => line.StartsWith("rchar: ", StringComparison.Ordinal))["rchar: ".Length..], CultureInfo.InvariantCulture);

    private static Task Gone(int pid) => Until(() => !Exists(pid));

    private static Task Until(Func<bool> condition) => Polling.Until(condition, Token);

    private static async Task Signal(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync(Token);
    }
}
