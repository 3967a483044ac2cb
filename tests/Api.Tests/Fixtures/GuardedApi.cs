using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using AX2Caption.Testing;
using AX2Caption.Testing.Service;

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>
/// A second Api of the service's cluster, as it would face the world: HTTPS with a certificate of its own beside HTTP, which it
/// must not serve, trusted proxies, named hosts and origins. Clients say that they come from addresses of their own, by a proxy
/// on 127.0.0.1 that is trusted, so that no test counts against another's limits.
/// </summary>
public sealed class GuardedApi(ServiceFixture fixture) : IAsyncLifetime
{
    public const string Origin = "https://app.example";
    public const string OtherOrigin = "http://localhost:3000";
    public const string TrustedNetwork = "10.1.0.0/16";
    public const int GuestsPerAddress = 2;
    public const int RequestsPerAddress = 40;

    private readonly string folder = Path.Combine(
        Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } root ? root : Path.GetTempPath(), $"guarded-{Guid.CreateVersion7():N}");

    private CaptionService service = null!;
    private X509Certificate2 certificate = null!;
    private SharedPort front = null!;
    private int clients;

    public Uri Http { get; } = new($"http://127.0.0.1:{FreePort.Find()}");

    public Uri Https { get; } = new($"https://127.0.0.1:{FreePort.Find()}");

    /// <summary>Where both are reached on one port, by the name that the certificate bears.</summary>
    public Uri Public => new($"https://localhost:{front.Port}");

    public string CertificatePath => Path.Combine(folder, "certificate.pem");

    private string KeyPath => Path.Combine(folder, "key.pem");

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        certificate = await SelfSigned.Write("localhost", CertificatePath, KeyPath);
        front = SharedPort.Open(Http.Port, Https.Port);
        service = await CaptionService.Prepare(fixture.Service.Database, new CaptionServiceSettings
        {
            Api = new Dictionary<string, string>
            {
                ["Api__Url"] = $"{Http.OriginalString};{Https.OriginalString}",
                ["Kestrel__Certificates__Default__Path"] = CertificatePath,
                ["Kestrel__Certificates__Default__KeyPath"] = KeyPath,
                ["Storage__Root"] = fixture.Service.ObjectFolder,
                ["Edge__RequireHttps"] = "true",
                ["Edge__PublicUrl"] = Public.GetLeftPart(UriPartial.Authority),
                ["Edge__TrustedProxies__0"] = "127.0.0.1",
                ["Edge__TrustedProxies__1"] = TrustedNetwork,
                ["Edge__AllowedHosts__0"] = "localhost",
                ["Edge__AllowedHosts__1"] = "127.0.0.1",
                ["Edge__AllowedHosts__2"] = "*.captions.example",
                ["Edge__CorsOrigins__0"] = Origin,
                ["Edge__CorsOrigins__1"] = OtherOrigin,
                ["RateLimits__GuestsPerAddress"] = $"{GuestsPerAddress}",
                ["RateLimits__RequestsPerAddress"] = $"{RequestsPerAddress}",
            },
        });
        service.BeginApi();
        using var client = NewClient(Http);
        await Eventually.Holds(async () =>
        {
            try
            {
                using var response = await client.GetAsync("/health/ready");
                return response.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (service is not null)
            await service.DisposeAsync();
        if (front is not null)
            await front.DisposeAsync();
        certificate?.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>An address that no other test has.</summary>
    public string NewAddress() => $"192.0.2.{Interlocked.Increment(ref clients)}";

    /// <summary>A client that follows nothing and says nothing of itself.</summary>
    /// <param name="api">One of the Api's addresses.</param>
    /// <param name="forwardedFor">What its proxy says of it; a new address if it is null, and nothing if it is empty.</param>
    /// <param name="from">Where its connections come from; 127.0.0.1, the trusted proxy, if it is null.</param>
    public HttpClient NewClient(Uri api, string? forwardedFor = null, string from = "127.0.0.1")
    {
        var client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == certificate.GetCertHashString() },
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = api,
        };
        if (forwardedFor is not "")
            client.DefaultRequestHeaders.Add("X-Forwarded-For", forwardedFor ?? NewAddress());
        return client;
    }
}

/// <summary>The tests that share a <see cref="GuardedApi"/>.</summary>
[CollectionDefinition(Name)]
public sealed class GuardedApiTests : ICollectionFixture<GuardedApi>
{
    public const string Name = "guarded";
}
