using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace AX2Caption.Testing.Service;

/// <summary>
/// A real nginx, set up as <c>docs/edge.md</c> says: what stands there is what runs, but for the addresses and the certificate. One process without a master, on a
/// loopback port; all it writes lies in <c>$AX2_TEST_DIR/nginx-…</c> (the temp folder without that variable) with a <c>.pid</c> file, so whoever set the variable can
/// stop one whose test process was killed.
/// </summary>
public sealed class NginxServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/nginx";
    private const int Attempts = 3;

    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(50);

    private readonly string folder;
    private Process? process;

    private NginxServer(string folder) => this.folder = folder;

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; private set; }

    /// <summary>Starts one and answers once it listens.</summary>
    /// <param name="example">The example of the documentation.</param>
    /// <param name="api">What it stands before.</param>
    /// <param name="certificate">The path of its certificate, as PEM.</param>
    /// <param name="key">The path of the certificate's key, as PEM.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<NginxServer> Start(
        string example, Uri api, string certificate, string key, CancellationToken cancellationToken = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
            var server = new NginxServer(Path.Combine(root, $"nginx-{Guid.CreateVersion7():N}")) { Port = FreePort.Find() };
            try
            {
                Directory.CreateDirectory(server.folder);
                await File.WriteAllTextAsync(server.Configuration, server.Around(server.Placed(example, api, certificate, key)), cancellationToken);
                await server.Begin(cancellationToken);
                return server;
            }
            catch (InvalidOperationException fault) when (attempt < Attempts && fault.Message.Contains("Address already in use", StringComparison.Ordinal))
            {
                // Somebody took the port between our look and the server's.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>Other words for those of the example, which must be there, once.</summary>
    public static string Replace(string example, string documented, string replacement) => example.Split(documented) is [var before, var after]
        ? before + replacement + after
        : throw new InvalidOperationException($"The example does not say '{documented}' once.");

    public async ValueTask DisposeAsync()
    {
        if (process is { } running)
        {
            running.Kill();
            await running.WaitForExitAsync(CancellationToken.None);
            running.Dispose();
            process = null;
        }

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private string Configuration => Path.Combine(folder, "nginx.conf");

    private string Log => Path.Combine(folder, "error.log");

    private string Placed(string example, Uri api, string certificate, string key) => new[]
    {
        ("listen 443 ssl;", $"listen 127.0.0.1:{Port} ssl;"),
        ("server 127.0.0.1:8080;", $"server {api.Authority};"),
        ("/etc/ssl/captions.pem", certificate),
        ("/etc/ssl/captions.key", key),
    }.Aggregate(example, (placed, words) => Replace(placed, words.Item1, words.Item2));

    /// <summary>What belongs around it in a whole configuration, and nothing that changes what it does.</summary>
    private string Around(string example) =>
        $$"""
        daemon off;
        master_process off;
        pid {{folder}}/nginx.pid;
        error_log {{Log}} warn;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
        {{example}}
        }
        """;

    private async Task Begin(CancellationToken cancellationToken)
    {
        if (!File.Exists(Program))
            throw new FileNotFoundException($"{Program} is missing: ./ax2 test installs Debian's nginx.");
        process = Process.Start(new ProcessStartInfo(Program, ["-e", Log, "-p", folder, "-c", Configuration]) { WorkingDirectory = folder })!;
        // Before nginx writes its own, and the same.
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.pid"), process.Id.ToString(CultureInfo.InvariantCulture), cancellationToken);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartsWithin);
        using var poll = new PeriodicTimer(PollEvery);
        while (!await Listens(limit.Token))
        {
            if (process.HasExited)
                throw new InvalidOperationException($"nginx ended with {process.ExitCode}: {await File.ReadAllTextAsync(Log, cancellationToken)}");
            await poll.WaitForNextTickAsync(limit.Token);
        }
    }

    private async Task<bool> Listens(CancellationToken cancellationToken)
    {
        using var connection = new TcpClient();
        try
        {
            await connection.ConnectAsync("127.0.0.1", Port, cancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
