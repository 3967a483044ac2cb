using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Npgsql;

namespace AX2Caption.Testing.Postgres;

/// <summary>
/// A real PostgreSQL of its own, in a folder of its own: durable settings, loopback only, a free port, random passwords.
/// The data lie in <c>$AX2_TEST_DIR/postgres-…/data</c> (the temp folder without that variable), so whoever set the variable can
/// find and stop a server whose test process was killed.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Superuser = "postgres";
    private const int PortAttempts = 5;
    private const int StartAttempts = 10;

    private readonly string folder;
    private readonly int sharedBuffersMiB;
    private readonly string superuserPassword = NewPassword();
    private readonly SemaphoreSlim creating = new(1);
    private TestDatabaseFactory? databases;

    private PostgresServer(string folder, int sharedBuffersMiB) => (this.folder, this.sharedBuffersMiB) = (folder, sharedBuffersMiB);

    /// <summary>The port on 127.0.0.1; the same after <see cref="Restart"/>.</summary>
    public int Port { get; private set; }

    private string Data => Path.Combine(folder, "data");
    private string Log => Path.Combine(folder, "log");

    /// <summary>Starts a server and answers once it accepts connections.</summary>
    /// <param name="ct">Gives up.</param>
    /// <param name="sharedBuffersMiB">Its cache; many servers run side by side in tests, each for few rows.</param>
    public static async Task<PostgresServer> Start(CancellationToken ct = default, int sharedBuffersMiB = 32)
    {
        var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
        var server = new PostgresServer(Path.Combine(root, $"postgres-{Guid.CreateVersion7():N}"), sharedBuffersMiB);
        try
        {
            await server.Initialise(ct);
            await server.StartOnFreePort(ct);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A new database with the schema of <c>deploy/migrations</c>; copied from a template, so cheap enough for every test class.</summary>
    public async Task<TestDatabase> CreateDatabase(CancellationToken ct = default)
    {
        await creating.WaitAsync(ct);
        try
        {
            databases ??= await TestDatabaseFactory.Create(SuperuserConnectionString(), ct);
            return await databases.CreateMigrated(ct);
        }
        finally
        {
            creating.Release();
        }
    }

    /// <summary>A new database without any schema; its Silo and Api logins get their rights by migrating it.</summary>
    public async Task<TestDatabase> CreateEmptyDatabase(CancellationToken ct = default)
    {
        await creating.WaitAsync(ct);
        try
        {
            databases ??= await TestDatabaseFactory.Create(SuperuserConnectionString(), ct);
            return await databases.CreateEmpty(ct);
        }
        finally
        {
            creating.Release();
        }
    }

    /// <summary>Full rights on everything; for arranging a fault or looking behind the scenes.</summary>
    public string SuperuserConnectionString(string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = IPAddress.Loopback.ToString(),
        Port = Port,
        Database = database,
        Username = Superuser,
        Password = superuserPassword,
        IncludeErrorDetail = true,
    }.ConnectionString;

    /// <summary>Cuts every connection without a checkpoint, then comes back on the same port after crash recovery.</summary>
    public async Task Restart(CancellationToken ct = default)
    {
        if (RunningProcess() is not null)
            await Stop("immediate", ct);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await StartOnPort(ct);
                return;
            }
            catch (InvalidOperationException) when (attempt < StartAttempts)
            {
                // A session of the server that was killed is still there, with the memory that both would share.
                await Task.Delay(TimeSpan.FromSeconds(1), ct);
            }
        }
    }

    /// <summary>SIGKILL to the server and its sessions, as if the machine had died. <see cref="Restart"/> brings it back.</summary>
    public async Task Kill(CancellationToken ct = default)
    {
        if (RunningProcess() is not { } id)
            return;
        using var process = Process.GetProcessById(id);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(ct);
    }

    public async ValueTask DisposeAsync()
    {
        if (RunningProcess() is not null)
            await Stop("fast", CancellationToken.None);
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        creating.Dispose();
    }

    private async Task Initialise(CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        var passwordFile = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(passwordFile, superuserPassword, ct);
        await PostgresProgram.GiveFolder(folder, ct);
        await PostgresProgram.GiveFolder(passwordFile, ct);
        await PostgresProgram.Run("initdb",
            ["--pgdata", Data, "--username", Superuser, "--pwfile", passwordFile, "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"], ct);
        File.Delete(passwordFile);
        await File.AppendAllTextAsync(Path.Combine(Data, "postgresql.conf"),
            $"""

            listen_addresses = '127.0.0.1'
            unix_socket_directories = ''    # a socket's path may not exceed 107 bytes, and nothing here needs one
            max_connections = 500
            shared_buffers = {sharedBuffersMiB}MB
            fsync = on
            """, ct);
    }

    private async Task StartOnFreePort(CancellationToken ct)
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort.Find();
            try
            {
                await StartOnPort(ct);
                return;
            }
            catch (InvalidOperationException) when (attempt < PortAttempts && File.Exists(Log) && File.ReadAllText(Log).Contains("Address already in use"))
            {
                // Somebody took the port between our look and the server's.
                File.Delete(Log);
            }
        }
    }

    private Task StartOnPort(CancellationToken ct) => PostgresProgram.Run("pg_ctl",
        ["start", "--wait", "--timeout=60", "--silent", "--pgdata", Data, "--log", Log, "--options", $"-p {Port}"], ct);

    private Task Stop(string mode, CancellationToken ct) => PostgresProgram.Run("pg_ctl",
        ["stop", "--wait", "--timeout=60", "--silent", "--pgdata", Data, "--mode", mode], ct);

    private int? RunningProcess()
    {
        var file = Path.Combine(Data, "postmaster.pid");
        if (!File.Exists(file))
            return null;
        var id = int.Parse(File.ReadLines(file).First(), CultureInfo.InvariantCulture);
        // A killed server leaves the file behind, and its number may be another process's by now. Ours works in its data folder,
        // whose path may be spelled another way here, but whose name is unique.
        var workingFolder = $"/proc/{id}/cwd";
        return Directory.Exists(workingFolder)
            && Directory.ResolveLinkTarget(workingFolder, returnFinalTarget: false)!.FullName.EndsWith($"/{Path.GetFileName(folder)}/data", StringComparison.Ordinal)
                ? id
                : null;
    }

    internal static string NewPassword() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
