using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Amazon.Runtime;
using Amazon.S3;

namespace AX2Caption.Testing.S3;

/// <summary>
/// A real S3 server of its own: Ceph's gateway with one monitor and one disk, a file. Loopback only, free ports, random keys. All lies in
/// <c>$AX2_TEST_DIR/s3-…</c> (the temp folder without that variable) with a <c>.pid</c> file for each process, so whoever set the variable
/// can stop a server whose test process was killed.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    private const int Attempts = 3;
    private static readonly TimeSpan StartsWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly string folder;
    private readonly List<(Process Process, string PidFile)> servers = [];

    private S3Server(string folder)
    {
        this.folder = folder;
        Endpoint = new Uri($"http://127.0.0.1:{FreePort.Find()}");
    }

    /// <summary>Where it listens; addresses have the bucket in their path.</summary>
    public Uri Endpoint { get; }

    /// <summary>The one user.</summary>
    public string AccessKey { get; } = RandomNumberGenerator.GetHexString(20);

    /// <summary>The user's secret.</summary>
    public string SecretKey { get; } = RandomNumberGenerator.GetHexString(40);

    private string Configuration => Path.Combine(folder, "ceph.conf");
    private string Keyring => Path.Combine(folder, "keyring");
    private string MonitorMap => Path.Combine(folder, "monmap");

    /// <summary>Starts a server and answers once it does.</summary>
    public static async Task<S3Server> Start(CancellationToken ct = default)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
            patience.CancelAfter(StartsWithin);
            var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
            var server = new S3Server(Path.Combine(root, $"s3-{Guid.CreateVersion7():N}"));
            try
            {
                await server.StartMonitor(patience.Token);
                await server.StartDisk(patience.Token);
                await server.StartGateway(patience.Token);
                return server;
            }
            catch (Exception e) when (attempt < Attempts && e is InvalidOperationException or OperationCanceledException && !ct.IsCancellationRequested)
            {
                // Somebody took a port between our look and the server's.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>A new, empty bucket.</summary>
    public async Task<TestBucket> CreateBucket(CancellationToken ct = default)
    {
        var bucket = new TestBucket(Endpoint, $"test-{Guid.CreateVersion7():N}", AccessKey, SecretKey);
        using var client = Client(bucket);
        await client.PutBucketAsync(bucket.Name, ct);
        return bucket;
    }

    /// <summary>The SDK's client, for looking behind the scenes.</summary>
    public static AmazonS3Client Client(TestBucket bucket) => new(
        new BasicAWSCredentials(bucket.AccessKey, bucket.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = bucket.Endpoint.OriginalString,
            AuthenticationRegion = "us-east-1",
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        });

    /// <summary>From now on the bucket takes no more than so many bytes.</summary>
    public async Task Limit(TestBucket bucket, long bytes, CancellationToken ct = default)
    {
        await Admin(["quota", "set", "--quota-scope=bucket", $"--bucket={bucket.Name}", "--uid=test", $"--max-size={bytes}"], ct);
        await Admin(["quota", "enable", "--quota-scope=bucket", $"--bucket={bucket.Name}", "--uid=test"], ct);
    }

    public async ValueTask DisposeAsync()
    {
        // The gateway first: it waits for the others.
        foreach (var (process, pidFile) in Enumerable.Reverse(servers))
        {
            await Stop(process);
            process.Dispose();
            File.Delete(pidFile);
        }

        servers.Clear();
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private async Task StartMonitor(CancellationToken ct)
    {
        foreach (var name in (string[])["mon", "osd", "log"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        var fsid = Guid.CreateVersion7();
        var addresses = $"[v2:127.0.0.1:{FreePort.Find()},v1:127.0.0.1:{FreePort.Find()}]";
        await File.WriteAllTextAsync(Configuration, Settings(fsid, addresses), ct);

        await MakeKey("mon.", ["--create-keyring"], ["mon", "allow *"], ct);
        await MakeKey("client.admin", [], ["mon", "allow *", "osd", "allow *"], ct);
        await MakeKey("osd.0", [], ["mon", "allow profile osd", "osd", "allow *"], ct);
        await MakeKey("client.rgw", [], ["mon", "allow rwx", "osd", "allow rwx"], ct);
        await Run("monmaptool", ["--create", "--fsid", $"{fsid}", "--addv", "a", addresses, MonitorMap], ct);
        await Run("ceph-mon", ["-c", Configuration, "-i", "a", "--mkfs", "--monmap", MonitorMap, "--keyring", Keyring], ct);
        Serve("ceph-mon", "a");
    }

    private async Task StartDisk(CancellationToken ct)
    {
        // The disk must bear the number that the monitor knows it by.
        var disk = $"{Guid.CreateVersion7()}";
        await Run("ceph", ["-c", Configuration, "osd", "new", disk], ct);
        await Run("ceph-osd", ["-c", Configuration, "-i", "0", "--mkfs", "--osd-uuid", disk], ct);
        await Run("ceph", ["-c", Configuration, "osd", "crush", "add", "osd.0", "1", "root=default", "host=localhost"], ct);
        Serve("ceph-osd", "0");
    }

    private async Task StartGateway(CancellationToken ct)
    {
        // Waits until the disk is up.
        await Admin(["user", "create", "--uid=test", "--display-name=test", $"--access-key={AccessKey}", $"--secret-key={SecretKey}"], ct);
        var gateway = Serve("radosgw", "client.rgw");
        using var client = new HttpClient { BaseAddress = Endpoint };
        while (!await Answers(client, ct))
        {
            if (gateway.HasExited)
                throw new InvalidOperationException($"radosgw ended with {gateway.ExitCode}.");
            await Task.Delay(PollEvery, ct);
        }
    }

    private string Settings(Guid fsid, string addresses) =>
        $"""
        [global]
        fsid = {fsid}
        mon_host = {addresses}
        public_addr = 127.0.0.1
        cluster_addr = 127.0.0.1
        auth_cluster_required = cephx
        auth_service_required = cephx
        auth_client_required = cephx
        keyring = {Keyring}
        osd_pool_default_size = 1
        osd_pool_default_min_size = 1
        osd_pool_default_pg_num = 8
        osd_pool_default_pgp_num = 8
        osd_pool_default_pg_autoscale_mode = off
        mon_allow_pool_size_one = true
        mon_max_pg_per_osd = 1000
        mon_data_avail_crit = 1
        osd_crush_chooseleaf_type = 0
        osd_objectstore = bluestore
        bluestore_block_size = 10737418240
        osd_memory_target = 939524096
        run_dir = {folder}
        # A socket's path may not exceed 107 bytes, and nothing here needs one.
        admin_socket =
        log_file = {folder}/log/$name.log
        mon_data = {folder}/mon
        osd_data = {folder}/osd
        [client.rgw]
        rgw_data = {folder}
        rgw_frontends = beast endpoint=127.0.0.1:{Endpoint.Port}
        rgw_thread_pool_size = 64
        # A test waits for a full bucket, and so the gateway may not answer from what it knew a while ago.
        rgw_bucket_quota_ttl = 0
        rgw_cache_enabled = false

        """;

    private async Task MakeKey(string name, string[] options, string[] rights, CancellationToken ct)
    {
        var caps = rights.Chunk(2).SelectMany(right => (string[])["--cap", right[0], right[1]]);
        await Run("ceph-authtool", [Keyring, .. options, "-n", name, "--gen-key", .. caps], ct);
    }

    private Task Admin(string[] arguments, CancellationToken ct) => Run("radosgw-admin", ["-c", Configuration, .. arguments], ct);

    private Task Run(string program, string[] arguments, CancellationToken ct) => CephProgram.Run(Configuration, program, arguments, ct);

    private Process Serve(string program, string id)
    {
        var process = CephProgram.Serve(Configuration, program, ["-f", "-c", Configuration, program == "radosgw" ? "-n" : "-i", id]);
        var pidFile = Path.Combine(folder, $"{program}.pid");
        File.WriteAllText(pidFile, process.Id.ToString(CultureInfo.InvariantCulture));
        servers.Add((process, pidFile));
        return process;
    }

    private static async Task<bool> Answers(HttpClient client, CancellationToken ct)
    {
        try
        {
            using var answer = await client.GetAsync("/", ct);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static async Task Stop(Process process)
    {
        if (process.HasExited)
            return;
        using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync(CancellationToken.None);
        using var patience = new CancellationTokenSource(StopsWithin);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
