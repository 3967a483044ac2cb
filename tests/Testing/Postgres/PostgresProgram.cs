using System.ComponentModel;
using System.Diagnostics;

namespace AX2Caption.Testing.Postgres;

/// <summary>Runs one of PostgreSQL's own programs. PostgreSQL refuses to run as root, so root hands over to the system's <c>postgres</c> user.</summary>
internal static class PostgresProgram
{
    private const string Folder = "/usr/lib/postgresql/15/bin";
    private const string User = "postgres";

    public static async Task GiveFolder(string path, CancellationToken ct)
    {
        if (Environment.IsPrivilegedProcess)
            await Execute("chown", [$"{User}:{User}", path], ct);
    }

    public static Task Run(string program, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var path = Path.Combine(Folder, program);
        return Environment.IsPrivilegedProcess
            ? Execute("setpriv", [$"--reuid={User}", $"--regid={User}", "--init-groups", path, .. arguments], ct)
            : Execute(path, arguments, ct);
    }

    private static async Task Execute(string path, IReadOnlyList<string> arguments, CancellationToken ct)
    {
        var start = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        // A caller's PGHOST, PGDATA and the like must not lead these programs to another server.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList())
            start.Environment.Remove(name);

        using var process = Launch(start);
        var output = process.StandardOutput.ReadToEndAsync(ct);
        var error = process.StandardError.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"`{path} {string.Join(' ', arguments)}` ended with {process.ExitCode}:\n{await output}{await error}");
    }

    private static Process Launch(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            throw new InvalidOperationException($"{start.FileName} cannot be run; is Debian's postgresql-15 installed?", e);
        }
    }
}
