using System.Diagnostics;
using System.Globalization;
using AX2Caption.Testing.Postgres;

namespace AX2Caption.Benchmarks.Jobs;

/// <summary>
/// Empty jobs through graphile-worker, as its authors publish it, on the same PostgreSQL. <c>./ax2 bench</c> has installed it in
/// <c>.ax2/graphile-worker</c>.
/// </summary>
internal static class PeerQueue
{
    /// <returns>Jobs that were added and done within the measured time.</returns>
    public static async Task<int> Run(
        PostgresServer postgres, TimeSpan warmUp, TimeSpan duration, int inFlight, CancellationToken cancellationToken)
    {
        var database = await postgres.CreateDatabase(cancellationToken);
        var address = new Npgsql.NpgsqlConnectionStringBuilder(database.OwnerConnectionString);
        var uri = $"postgres://{Uri.EscapeDataString(address.Username!)}:{Uri.EscapeDataString(address.Password ?? "")}@{address.Host}:{address.Port}/{address.Database}";
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            ArgumentList =
            {
                Path.Combine(AppContext.BaseDirectory, "Jobs", "graphile-worker", "peer.cjs"), uri,
                Number(warmUp.TotalMilliseconds), Number(duration.TotalMilliseconds), Number(inFlight),
            },
        };
        start.Environment["NODE_PATH"] = Modules();
        using var process = Process.Start(start)!;
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? int.Parse(output, CultureInfo.InvariantCulture)
                : throw new InvalidOperationException($"graphile-worker ended with code {process.ExitCode}.");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private static string Modules()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var modules = Path.Combine(folder.FullName, ".ax2", "graphile-worker", "node_modules");
            if (Directory.Exists(modules))
                return modules;
        }

        throw new InvalidOperationException("graphile-worker is missing: ./ax2 bench jobs installs it.");
    }

    private static string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
}
