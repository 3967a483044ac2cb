using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using AX2Caption.Grains.Media;
using Microsoft.Extensions.Time.Testing;

namespace AX2Caption.Grains.Tests.Media;

public sealed class MediaSandboxTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly string mark = Guid.CreateVersion7().ToString();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckHealth_ToolsInstalled_Passes() => await MediaFixture.Sandbox().CheckHealth(Token);

    [Fact]
    public async Task CheckHealth_BubblewrapMissing_SaysWhatToInstall()
    {
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { Bwrap = "/nowhere/bwrap" });

        var refusal = await Assert.ThrowsAsync<SandboxUnavailableException>(() => sandbox.CheckHealth(Token));

        Assert.Contains("Install the package 'bubblewrap'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_FfmpegMissing_SaysWhatToInstall()
    {
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { Ffmpeg = "/usr/nowhere/ffmpeg" });

        var refusal = await Assert.ThrowsAsync<SandboxUnavailableException>(() => sandbox.CheckHealth(Token));

        Assert.Contains("Install the package 'ffmpeg'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task CheckHealth_BubblewrapMissingAndNotRequired_Passes() =>
        await MediaFixture.Sandbox(new MediaSandboxOptions { Bwrap = "/nowhere/bwrap", Required = false }).CheckHealth(Token);

    [Fact]
    public async Task CheckHealth_NotRequired_StillWantsTheLimitsAndTheTools()
    {
        var withoutLimits = MediaFixture.Sandbox(new MediaSandboxOptions { Prlimit = "/nowhere/prlimit", Required = false });
        var withoutTools = MediaFixture.Sandbox(new MediaSandboxOptions { Ffmpeg = "/usr/nowhere/ffmpeg", Required = false });

        await Assert.ThrowsAsync<SandboxUnavailableException>(() => withoutLimits.CheckHealth(Token));
        await Assert.ThrowsAsync<SandboxUnavailableException>(() => withoutTools.CheckHealth(Token));
    }

    [Fact]
    public async Task Run_NotRequired_ReadsAndWritesUnderTheLimits()
    {
        var input = folder.File("source.wav");
        await Testing.SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=sample_rate=16000", "-t", "60", input], Token);
        var output = folder.SubFolder("out");
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { Bwrap = "/nowhere/bwrap", Required = false, FileSize = 1 << 20 });
        string[] extract = ["-v", "error", "-nostdin", "-i", "file:" + SandboxCommand.Input, "-f", "s16le", "-y"];

        var within = await sandbox.Run(MediaTool.Ffmpeg, [.. extract, "-t", "10", "file:/out/audio.pcm"], input, output, Token);
        var beyond = await sandbox.Run(MediaTool.Ffmpeg, [.. extract, "file:/out/audio.pcm"], input, output, Token);

        Assert.True(within.Succeeded, within.Errors.Text);
        Assert.True(beyond.HitLimit);
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(output, "audio.pcm")).Length);
    }

    [Fact]
    public async Task Run_NotRequiredAndCanceled_KillsTheTool()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = MediaFixture.Sandbox(new MediaSandboxOptions { Required = false })
            .Run(MediaTool.Ffmpeg, Endless(), null, folder.SubFolder("out"), cancel.Token);
        await Started(run);
        Assert.Single(ProcessesOfThisTest());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Empty(ProcessesOfThisTest());
    }

    [Fact]
    public async Task Run_ASandboxThatCannotBeSetUp_IsNotTakenForTheToolsFailure()
    {
        var gone = folder.File("gone");

        await Assert.ThrowsAsync<SandboxUnavailableException>(() => MediaFixture.Sandbox().Run(MediaTool.Ffprobe, ["-version"], gone, null, Token));
    }

    [Fact]
    public async Task Run_AnotherFileOfTheMachine_IsNotThere()
    {
        var secret = folder.File("secret.wav");
        await Testing.SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "sine", "-t", "1", secret], Token);
        var sandbox = MediaFixture.Sandbox();

        var asInput = await sandbox.Run(MediaTool.Ffprobe, ["-v", "error", "-i", "file:" + SandboxCommand.Input], secret, null, Token);
        var byItsPath = await sandbox.Run(MediaTool.Ffprobe, ["-v", "error", "-i", "file:" + secret], null, null, Token);
        var passwords = await sandbox.Run(MediaTool.Ffmpeg, ["-v", "error", "-f", "data", "-i", "file:/etc/passwd"], null, null, Token);

        Assert.True(asInput.Succeeded);
        Assert.Contains("No such file", byItsPath.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("No such file", passwords.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_AListenerOnThisMachine_IsNotReached()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;

        var result = await MediaFixture.Sandbox(new MediaSandboxOptions { WallTime = TimeSpan.FromMinutes(2) })
            .Run(MediaTool.Ffprobe, ["-v", "error", "-i", $"tcp://127.0.0.1:{port}"], null, null, Token);

        Assert.False(result.Succeeded);
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Run_TheInputAndTheSystem_CannotBeWritten()
    {
        var input = folder.File("input");
        await File.WriteAllTextAsync(input, "untouched", Token);
        string[] tone = ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine", "-t", "1", "-f", "wav", "-y"];

        var onInput = await MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, [.. tone, SandboxCommand.Input], input, null, Token);
        var onSystem = await MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, [.. tone, "/usr/bin/tone"], input, null, Token);

        Assert.Contains("Read-only file system", onInput.Errors.Text, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", onSystem.Errors.Text, StringComparison.Ordinal);
        Assert.Equal("untouched", await File.ReadAllTextAsync(input, Token));
    }

    [Fact]
    public async Task Run_Canceled_KillsEveryProcess()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var run = MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, Endless(), null, folder.SubFolder("out"), cancel.Token);
        await Started(run);
        Assert.NotEmpty(ProcessesOfThisTest());

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Empty(ProcessesOfThisTest());
    }

    [Fact]
    public async Task Run_CanceledAtAnyMomentOfItsStart_KillsEveryProcess()
    {
        var output = folder.SubFolder("out");
        for (var moment = TimeSpan.Zero; moment < TimeSpan.FromMilliseconds(60); moment += TimeSpan.FromMilliseconds(0.5))
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var run = MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, Endless(), null, output, cancel.Token);
            await Moment.Pass(moment);

            await cancel.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
            Assert.Empty(ProcessesOfThisTest());
        }
    }

    [Fact]
    public async Task Run_PastTheWallTime_KillsEveryProcess()
    {
        var time = new FakeTimeProvider();
        var run = MediaFixture.Sandbox(new MediaSandboxOptions { WallTime = TimeSpan.FromSeconds(5) }, time)
            .Run(MediaTool.Ffmpeg, Endless(), null, folder.SubFolder("out"), Token);
        await Started(run);

        time.Advance(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<TimeoutException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Empty(ProcessesOfThisTest());
    }

    [Theory]
    [InlineData(9)]
    [InlineData(15)]
    public async Task Run_EndedFromOutside_IsNoFaultOfTheFileAndLeavesNoneBehind(int signal)
    {
        var run = MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, Endless(), null, folder.SubFolder("out"), Token);
        await Started(run);

        using var kill = Process.Start("kill", [$"-{signal}", $"{ProcessesOfThisTest().Min()}"]);

        await Assert.ThrowsAsync<MediaToolDisturbedException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
        Assert.Empty(ProcessesOfThisTest());
    }

    [Fact]
    public async Task Run_TheToolToldToEnd_IsNoFaultOfTheFile()
    {
        var run = MediaFixture.Sandbox().Run(MediaTool.Ffmpeg, Endless(), null, folder.SubFolder("out"), Token);
        await Started(run);

        // ffmpeg itself, which takes the signal and ends with a code of its own.
        using var kill = Process.Start("kill", ["-15", $"{ProcessesOfThisTest().Max()}"]);

        await Assert.ThrowsAsync<MediaToolDisturbedException>(() => run.WaitAsync(TimeSpan.FromSeconds(30), Token));
    }

    [Fact]
    public async Task Run_WithNoRoomToWrite_IsNoFaultOfTheFile() => await Assert.ThrowsAsync<MediaToolDisturbedException>(() => MediaFixture.Sandbox().Run(
        MediaTool.Ffmpeg, ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "anullsrc", "-t", "60", "-f", "s16le", "-y", "file:/dev/full"], null, null, Token));

    [Fact]
    public async Task Run_PastTheCpuTime_HitsTheLimit()
    {
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { CpuTime = TimeSpan.FromSeconds(1) });

        var result = await sandbox.Run(
            MediaTool.Ffmpeg, ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "testsrc2=size=1280x720", "-f", "null", "-"], null, null, Token);

        Assert.True(result.HitLimit);
    }

    [Fact]
    public async Task Run_PastTheFileSize_HitsTheLimit()
    {
        var output = folder.SubFolder("out");
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { FileSize = 1 << 20 });

        var result = await sandbox.Run(
            MediaTool.Ffmpeg, ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "anullsrc", "-f", "s16le", "-y", "out.pcm"], null, output, Token);

        Assert.True(result.HitLimit);
        Assert.Equal(1 << 20, new FileInfo(Path.Combine(output, "out.pcm")).Length);
    }

    [Fact]
    public async Task Run_PastTheAddressSpace_Fails()
    {
        // Less than the tool's own libraries take.
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { AddressSpace = 64 << 20 });

        var result = await sandbox.Run(MediaTool.Ffprobe, ["-version"], null, null, Token);

        Assert.False(result.Succeeded);
        Assert.Contains("error while loading shared libraries", result.Errors.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_MoreOutputThanIsKept_IsCutAndStillEnds()
    {
        var sandbox = MediaFixture.Sandbox(new MediaSandboxOptions { OutputSize = 4096 });

        var result = await sandbox.Run(
            MediaTool.Ffmpeg, ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "anullsrc", "-t", "60", "-f", "s16le", "pipe:1"], null, null, Token);

        Assert.True(result.Succeeded);
        Assert.True(result.Output.Truncated);
        Assert.Equal(4096, result.Output.Text.Length);
    }

    public void Dispose() => folder.Dispose();

    private string[] Endless() =>
    [
        "-v", "error", "-nostdin", "-re", "-f", "lavfi", "-i", "anullsrc", "-metadata", "comment=" + mark,
        "-flush_packets", "1", "-f", "s16le", "-y", "started.pcm",
    ];

    private async Task Started(Task run)
    {
        var output = folder.File("out");
        using var watcher = new FileSystemWatcher(output);
        var created = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, _) => created.TrySetResult();
        watcher.EnableRaisingEvents = true;
        if (File.Exists(Path.Combine(output, "started.pcm")))
            created.TrySetResult();
        await (await Task.WhenAny(created.Task, run)).WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.False(run.IsCompleted);
    }

    private IReadOnlyList<int> ProcessesOfThisTest() => MediaFixture.ProcessesNaming(mark);
}
