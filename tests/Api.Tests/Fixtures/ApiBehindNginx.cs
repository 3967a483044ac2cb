using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>
/// A further Api of the service's cluster with a real nginx before it, both with the settings that <c>docs/edge.md</c> gives as an example. A network may make two
/// guests, so clients come from addresses of their own, all of them loopback.
/// </summary>
public sealed partial class ApiBehindNginx(ServiceFixture fixture) : IAsyncLifetime
{
    public const string Host = "captions.example";
    public const int GuestsPerAddress = 2;
    public const long MaximumBodyBytes = 64 * 1024;

    private readonly string folder = Path.Combine(
        Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } root ? root : Path.GetTempPath(), $"behind-nginx-{Guid.CreateVersion7():N}");

    private X509Certificate2 certificate = null!;
    private CaptionService api = null!;
    private NginxServer nginx = null!;
    private int clients;

    private string CertificatePath => Path.Combine(folder, "certificate.pem");

    private string KeyPath => Path.Combine(folder, "key.pem");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        certificate = await SelfSigned.Write(Host, CertificatePath, KeyPath);
        api = await StartApi();
        nginx = await StartNginx();
    }

    public async ValueTask DisposeAsync()
    {
        if (nginx is not null)
            await nginx.DisposeAsync();
        if (api is not null)
            await api.DisposeAsync();
        certificate?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An Api with the settings of the example, and some more.</summary>
    public async Task<CaptionService> StartApi(params (string Name, string Value)[] settings)
    {
        var own = new Dictionary<string, string>
        {
            ["Storage__Root"] = fixture.Service.ObjectFolder,
            ["Edge__RequireHttps"] = "true",
            ["RateLimits__GuestsPerAddress"] = $"{GuestsPerAddress}",
            ["Limits__MaximumBodyBytes"] = $"{MaximumBodyBytes}",
            ["Uploads__MaximumBytes"] = $"{ServiceFixture.MaximumBytes}",
            ["Uploads__MaximumResumableBytes"] = $"{ServiceFixture.MaximumBytes}",
            ["Streams__HeartbeatInterval"] = "00:00:00.200",
        };
        foreach (var line in Example("Edge__").Split('\n', StringSplitOptions.RemoveEmptyEntries))
            own[line.Split('=', 2)[0]] = line.Split('=', 2)[1];
        foreach (var (name, value) in settings)
            own[name] = value;
        var started = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings { Api = own });
        started.BeginApi();
        await started.ApiReady();
        return started;
    }

    /// <summary>An nginx as the example has it, before the Api of this fixture or another one.</summary>
    /// <param name="before">The Api; this fixture's if it is null.</param>
    /// <param name="change">What is different from the example.</param>
    public Task<NginxServer> StartNginx(CaptionService? before = null, Func<string, string>? change = null) =>
        NginxServer.Start(change?.Invoke(Example("upstream ")) ?? Example("upstream "), (before ?? api).ApiUrl, CertificatePath, KeyPath);

    /// <summary>An address that no other client has.</summary>
    public string NewAddress() => $"127.0.77.{Interlocked.Increment(ref clients)}";

    /// <summary>A client that is nobody yet.</summary>
    /// <param name="from">Where its connections come from; a new address if it is null.</param>
    /// <param name="by">The nginx that it talks to; this fixture's if it is null.</param>
    public CaptionClient NewClient(string? from = null, NginxServer? by = null)
    {
        var source = IPAddress.Parse(from ?? NewAddress());
        var port = (by ?? nginx).Port;
        return new CaptionClient(new Uri($"https://{Host}"), new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(source, 0));
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
    }

    /// <summary>A client with an account of its own.</summary>
    public async Task<CaptionClient> NewGuest(NginxServer? by = null)
    {
        var client = NewClient(by: by);
        await client.BecomeGuest(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>The example of the page that begins like this.</summary>
    private static string Example(string beginning, [CallerFilePath] string here = "")
    {
        var page = File.ReadAllText(Path.GetFullPath(Path.Combine(here, "..", "..", "..", "..", "docs", "edge.md")));
        return Fence().Matches(page).Select(block => block.Groups[1].Value).Single(block => block.StartsWith(beginning, StringComparison.Ordinal));
    }

    [GeneratedRegex("^```\\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();
}
