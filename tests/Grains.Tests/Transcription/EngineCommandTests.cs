using System.Diagnostics;
using AX2Caption.Grains.Media;
using AX2Caption.Grains.Transcription;

namespace AX2Caption.Grains.Tests.Transcription;

public sealed class EngineCommandTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Build_TheProgramsFolder_ShowsTheProgramAndNotTheSettingsBesideIt()
    {
        var settings = Path.Combine(AppContext.BaseDirectory, $"appsettings.{Guid.CreateVersion7():N}.json");
        await File.WriteAllTextAsync(settings, """{ "Transcription": { "OpenAi": { "hosted": { "ApiKey": "sk-secret" } } } }""", Token);
        try
        {
            var (exitCode, files) = await InSandbox("/usr/bin/find", AppContext.BaseDirectory, "-type", "f");

            Assert.Equal(0, exitCode);
            Assert.Contains("AX2Caption.Silo.dll", files, StringComparison.Ordinal);
            Assert.Contains("AX2Caption.Silo.runtimeconfig.json", files, StringComparison.Ordinal);
            Assert.DoesNotContain("appsettings", files, StringComparison.Ordinal);
            Assert.All(
                files.Split('\n', StringSplitOptions.RemoveEmptyEntries),
                file => Assert.Matches(@"(\.dll|\.so|\.deps\.json|\.runtimeconfig\.json)$", file));
            Assert.NotEqual(0, (await InSandbox("/usr/bin/cat", settings)).ExitCode);
        }
        finally
        {
            File.Delete(settings);
        }
    }

    [Fact]
    public async Task Build_TheProgramsFolder_TakesNoFiles() =>
        Assert.NotEqual(0, (await InSandbox("/usr/bin/touch", Path.Combine(AppContext.BaseDirectory, "new"))).ExitCode);

    /// <summary>Runs another program in the engine's place.</summary>
    private static async Task<(int ExitCode, string Output)> InSandbox(params string[] program)
    {
        var start = EngineCommand.Build(new MediaSandboxOptions(), new PocketSphinxOptions().ModelPath);
        var separator = start.ArgumentList.ToList().LastIndexOf("--");
        while (start.ArgumentList.Count > separator + 1)
            start.ArgumentList.RemoveAt(separator + 1);
        foreach (var argument in program)
            start.ArgumentList.Add(argument);
        using var process = new Process { StartInfo = start };
        var exited = await SandboxThread.Start(process, "Sandbox");
        process.StandardInput.Close();
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        return (await exited, output);
    }
}
