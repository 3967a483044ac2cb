using System.Net;
using System.Security.Cryptography;
using AX2Caption.Testing.Postgres;

namespace AX2Caption.Testing.Service;

/// <summary>
/// The whole service as its users meet it: Silo and Api as processes, on a database and in a folder of their own. The
/// folder lies below <c>$AX2_TEST_DIR</c> (the temp folder without that variable) and has a <c>.pid</c> file for each
/// process, so whoever set the variable can stop what a killed test run left.
/// </summary>
public sealed class CaptionService : IAsyncDisposable
{
    /// <summary>Services on one database are one cluster.</summary>
    internal const string ClusterId = "test";

    private const int StartsInARow = 10;
    private const int DeletionsInARow = 10;

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan StoppedWithin = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollEvery = TimeSpan.FromMilliseconds(100);

    private readonly Dictionary<string, string> siloSettings;
    private readonly Dictionary<string, string> apiSettings;
    private ServiceProcess? silo;
    private readonly List<ServiceProcess> furtherApis = [];
    private ServiceProcess? api;

    private CaptionService(string folder, TestDatabase database, CaptionServiceSettings settings)
    {
        Folder = folder;
        Database = database;
        ApiUrl = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        AdminUrl = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var shared = new Dictionary<string, string>
        {
            ["Storage__Root"] = ObjectFolder,
            ["Logging__Directory"] = LogFolder,
            ["Cluster__ClusterId"] = ClusterId,
            ["Cluster__ServiceId"] = ClusterId,
            ["DOTNET_ENVIRONMENT"] = "Production",
        };
        siloSettings = new Dictionary<string, string>(shared)
        {
            ["ConnectionStrings__Silo"] = database.SiloConnectionString,
            ["Admin__Url"] = AdminUrl.OriginalString,
            ["Admin__Password"] = AdminPassword,
            ["Cluster__SiloPort"] = $"{FreePort.Find()}",
            ["Cluster__GatewayPort"] = $"{FreePort.Find()}",
            ["Worker__ScratchRoot"] = Path.Combine(folder, "scratch"),
            ["Worker__LeaseDuration"] = "00:00:03",
            ["Worker__HeartbeatInterval"] = "00:00:01",
            ["Worker__PollInterval"] = "00:00:00.100",
            ["Worker__SweepInterval"] = "00:00:00.500",
            ["Mail__Folder"] = MailFolder,
            ["Mail__PublicUrl"] = ApiUrl.OriginalString,
            ["Mail__PollInterval"] = "00:00:00.100",
            // Passwords here protect nothing.
            ["Passwords__WorkFactor"] = "4",
            // Every test is a guest from the same address.
            ["Accounts__GuestsPerNetworkAndDay"] = "100000",
            // Longer than a lease, in which a worker may go on with what was deleted.
            ["Accounts__PurgeAgainAfter"] = "00:00:12",
        };
        apiSettings = new Dictionary<string, string>(shared)
        {
            ["ConnectionStrings__Api"] = database.ApiConnectionString,
            ["Api__Url"] = ApiUrl.OriginalString,
            ["Auth__SigningKeyFolder"] = SigningKeyFolder,
            ["Auth__PepperPath"] = Path.Combine(folder, "pepper"),
            ["Edge__RequireHttps"] = "false",
            // Every test is a guest from the same address, and in a hurry.
            ["RateLimits__GuestsPerAddress"] = "100000",
            ["RateLimits__RequestsPerAddress"] = "1000000",
            ["RateLimits__RequestsPerAccount"] = "1000000",
            ["RateLimits__JobsPerAccount"] = "100000",
            ["RateLimits__UploadStartsPerAccount"] = "100000",
            ["RateLimits__UploadStartsPerGuest"] = "100000",
            ["RateLimits__SignInsPerAddress"] = "100000",
            ["RateLimits__MailsPerAddress"] = "100000",
            ["RateLimits__WebhookSendsPerAccount"] = "100000",
        };
        foreach (var (key, value) in settings.Silo)
            siloSettings[key] = value;
        foreach (var (key, value) in settings.Api)
            apiSettings[key] = value;
    }

    /// <summary>The folder with all that the processes write.</summary>
    public string Folder { get; }

    /// <summary>The folder of the object store.</summary>
    public string ObjectFolder => Path.Combine(Folder, "objects");

    /// <summary>What says where the objects are, as configuration.</summary>
    public Dictionary<string, string?> StorageSettings => siloSettings
        .Where(setting => setting.Key.StartsWith("Storage__", StringComparison.Ordinal))
        .ToDictionary(setting => setting.Key.Replace("__", ":", StringComparison.Ordinal), string? (setting) => setting.Value);

    /// <summary>The folder of the keys that the Api signs tokens with.</summary>
    public string SigningKeyFolder => Path.Combine(Folder, "signing-keys");

    /// <summary>The key that was there from the beginning.</summary>
    public string FirstSigningKey => Path.Combine(SigningKeyFolder, "20260101T000000Z.pem");

    /// <summary>The folder that mails are written to.</summary>
    public string MailFolder => Path.Combine(Folder, "mails");

    /// <summary>The folder of the logs of both.</summary>
    public string LogFolder => Path.Combine(Folder, "logs");

    /// <summary>The service's database.</summary>
    public TestDatabase Database { get; }

    /// <summary>Where the Api listens.</summary>
    public Uri ApiUrl { get; }

    /// <summary>Where the Silo's admin listener is; its user is <c>operator</c>.</summary>
    public Uri AdminUrl { get; }

    /// <summary>The Silo's process, and those that it has started.</summary>
    public IReadOnlyList<int> SiloProcessIds() => (silo ?? throw NotRunning("silo")).Family();

    /// <summary>The Api's process.</summary>
    public int ApiProcessId => (api ?? throw NotRunning("api")).Id;

    /// <summary>The operator's password.</summary>
    public string AdminPassword { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>Starts both processes and answers when both say that they are ready.</summary>
    public static async Task<CaptionService> Start(
        TestDatabase database, CaptionServiceSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var service = await Prepare(database, settings, cancellationToken);
        try
        {
            service.BeginSilo();
            service.BeginApi();
            await service.SiloReady(cancellationToken);
            await service.ApiReady(cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes the folder and the key, and starts nothing yet.</summary>
    public static async Task<CaptionService> Prepare(
        TestDatabase database, CaptionServiceSettings? settings = null, CancellationToken cancellationToken = default)
    {
        var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
        var folder = Path.Combine(root, $"service-{Guid.CreateVersion7():N}");
        Directory.CreateDirectory(folder);
        var service = new CaptionService(folder, database, settings ?? new CaptionServiceSettings());
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        Directory.CreateDirectory(service.SigningKeyFolder);
        await File.WriteAllTextAsync(service.FirstSigningKey, pair.ExportPkcs8PrivateKeyPem(), cancellationToken);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "pepper"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), cancellationToken);
        return service;
    }

    /// <summary>Starts the Silo and waits until it is ready.</summary>
    public async Task StartSilo(CancellationToken cancellationToken = default)
    {
        BeginSilo();
        await SiloReady(cancellationToken);
    }

    /// <summary>Whether the Silo was started and has not ended, by itself or otherwise.</summary>
    public bool SiloRuns => silo is { HasExited: false };

    /// <summary>
    /// Starts the Silo if it does not run, as systemd would if it ended by itself, again if it does that at once, and waits until it is ready.
    /// </summary>
    public async Task ReviveSilo(CancellationToken cancellationToken = default)
    {
        for (var start = 1; ; start++)
        {
            if (silo is { HasExited: true })
            {
                await silo.DisposeAsync();
                silo = null;
            }

            if (silo is null)
                BeginSilo();
            try
            {
                await SiloReady(cancellationToken);
                return;
            }
            catch (InvalidOperationException) when (start < StartsInARow && !SiloRuns)
            {
                // What it needs may be away; the next start may find it.
            }
        }
    }

    /// <summary>SIGTERM; answers when the Silo has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopSilo(CancellationToken cancellationToken = default)
    {
        var exitCode = await Stop(silo, "silo", cancellationToken);
        silo = null;
        return exitCode;
    }

    /// <summary>SIGSTOP, until <see cref="ThawSilo"/>.</summary>
    public Task FreezeSilo(CancellationToken cancellationToken = default) => (silo ?? throw NotRunning("silo")).Freeze(cancellationToken);

    /// <summary>SIGCONT.</summary>
    public Task ThawSilo(CancellationToken cancellationToken = default) => (silo ?? throw NotRunning("silo")).Thaw(cancellationToken);

    /// <summary>SIGKILL, as the kernel would when memory is short.</summary>
    public async Task KillSilo()
    {
        await (silo ?? throw NotRunning("silo")).Kill();
        silo = null;
    }

    /// <summary>Starts the Api and waits until it is ready.</summary>
    public async Task StartApi(CancellationToken cancellationToken = default)
    {
        BeginApi();
        await ApiReady(cancellationToken);
    }

    /// <summary>SIGTERM; answers when the Api has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> StopApi(CancellationToken cancellationToken = default)
    {
        var exitCode = await Stop(api, "api", cancellationToken);
        api = null;
        return exitCode;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillApi()
    {
        await (api ?? throw NotRunning("api")).Kill();
        api = null;
    }

    /// <summary>Starts the Api and does not wait for it, as is needed to see it without a Silo.</summary>
    public void BeginApi() => api = Begin(api, "api", "AX2Caption.Api.dll", apiSettings);

    /// <summary>Starts the Silo and does not wait for it.</summary>
    public void BeginSilo() => silo = Begin(silo, "silo", "AX2Caption.Silo.dll", siloSettings);

    /// <summary>Answers when the Api's <c>/health/ready</c> says 200.</summary>
    public Task ApiReady(CancellationToken cancellationToken = default) => Answers(api, "api", new Uri(ApiUrl, "/health/ready"), cancellationToken);

    /// <summary>Answers when the Api's <c>/health/live</c> says 200.</summary>
    public Task ApiLive(CancellationToken cancellationToken = default) => Answers(api, "api", new Uri(ApiUrl, "/health/live"), cancellationToken);

    /// <summary>Answers when the Silo's <c>/health/ready</c> says 200.</summary>
    public Task SiloReady(CancellationToken cancellationToken = default) => Answers(silo, "silo", new Uri(AdminUrl, "/health/ready"), cancellationToken);

    /// <summary>A client of the Api that is nobody yet.</summary>
    public CaptionClient CreateClient() => new(ApiUrl);

    /// <summary>Starts another Api of the same service, with the same settings but for where it listens, and waits until it is ready.</summary>
    /// <returns>Where it listens.</returns>
    public async Task<Uri> StartFurtherApi(CancellationToken cancellationToken = default)
    {
        var url = new Uri($"http://127.0.0.1:{FreePort.Find()}");
        var name = $"api-{furtherApis.Count + 2}";
        var further = ServiceProcess.Start(
            name,
            Path.Combine(AppContext.BaseDirectory, "AX2Caption.Api.dll"),
            Folder,
            new Dictionary<string, string>(apiSettings) { ["Api__Url"] = url.OriginalString });
        furtherApis.Add(further);
        await Answers(further, name, new Uri(url, "/health/ready"), cancellationToken);
        return url;
    }

    /// <summary>A member that nobody was before, and a client of the Api that is signed in as it.</summary>
    public async Task<MemberClient> CreateMember(string? email = null, CancellationToken cancellationToken = default)
    {
        var member = new MemberClient(CreateClient(), new Mailbox(MailFolder), email);
        await member.Register(cancellationToken);
        await member.ConfirmEmail(cancellationToken);
        await member.SignIn(cancellationToken);
        return member;
    }

    /// <summary>A member with the admin role.</summary>
    public async Task<MemberClient> CreateAdmin(CancellationToken cancellationToken = default)
    {
        var member = await CreateMember(cancellationToken: cancellationToken);
        var (exitCode, _, errors) = await RunSiloCommand(["admin", "grant-role", member.Email, "admin"], cancellationToken);
        return exitCode == 0 ? member : throw new InvalidOperationException($"grant-role ended with {exitCode}: {errors}");
    }

    /// <summary>Runs a command of the Silo's program, with the settings that the Silo has, to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunSiloCommand(
        IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        ServiceProcess.Run([Path.Combine(AppContext.BaseDirectory, "AX2Caption.Silo.dll"), .. arguments], Folder, siloSettings, cancellationToken);

    /// <summary>Runs a command of the Api's program, with the settings that the Api has, to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunApiCommand(
        IEnumerable<string> arguments, CancellationToken cancellationToken = default) =>
        ServiceProcess.Run([Path.Combine(AppContext.BaseDirectory, "AX2Caption.Api.dll"), .. arguments], Folder, apiSettings, cancellationToken);

    /// <summary>Ends the processes, without ceremony, and deletes the folder.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var further in furtherApis)
            await further.DisposeAsync();
        if (api is not null)
            await api.DisposeAsync();
        if (silo is not null)
            await silo.DisposeAsync();
        await DeleteFolder();
    }

    private async Task DeleteFolder()
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(Folder, recursive: true);
                return;
            }
            catch (IOException) when (attempt < DeletionsInARow)
            {
                // A tool of a Silo that was killed has written one more file before it ended, too.
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private ServiceProcess Begin(ServiceProcess? running, string name, string assembly, Dictionary<string, string> settings) =>
        running is null
            ? ServiceProcess.Start(name, Path.Combine(AppContext.BaseDirectory, assembly), Folder, settings)
            : throw new InvalidOperationException($"The {name} is already running.");

    private static async Task<int> Stop(ServiceProcess? process, string name, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StoppedWithin);
        await using var stopping = process ?? throw NotRunning(name);
        return await stopping.Stop(limit.Token);
    }

    private static async Task Answers(ServiceProcess? process, string name, Uri address, CancellationToken cancellationToken)
    {
        var running = process ?? throw NotRunning(name);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(ReadyWithin);
        using var http = new HttpClient();
        using var poll = new PeriodicTimer(PollEvery);
        var last = "nothing";
        try
        {
            while (!running.HasExited)
            {
                try
                {
                    using var response = await http.GetAsync(address, limit.Token);
                    if (response.StatusCode == HttpStatusCode.OK)
                        return;
                    last = $"{(int)response.StatusCode} {await response.Content.ReadAsStringAsync(limit.Token)}";
                }
                catch (HttpRequestException exception)
                {
                    last = exception.Message;
                }

                await poll.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{address} was not ready within {ReadyWithin}; its last answer was: {last}\n{running.Tail()}");
        }

        throw new InvalidOperationException($"The {name} ended by itself.\n{running.Tail()}");
    }

    private static InvalidOperationException NotRunning(string name) => new($"The {name} is not running.");
}
