using AX2Caption.Testing;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(AX2Caption.Api.Tests.Fixtures.ServiceFixture))]
// The tests look at what is left in the one object store, and share two processors with the service.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace AX2Caption.Api.Tests.Fixtures;

/// <summary>One running service for all tests of the assembly, and the media they upload.</summary>
public sealed class ServiceFixture : IAsyncLifetime
{
    public const long MaximumBytes = 4 << 20;
    public const long GuestGrant = 2;
    public const int MaximumExpiringGrants = 3;
    public const int MemberPins = 1;

    private PostgresServer? server;
    private Task<Uri>? otherApi;

    public CaptionService Service { get; private set; } = null!;

    /// <summary>A member with the admin role.</summary>
    public MemberClient Admin { get; private set; } = null!;

    /// <summary>The admin's client.</summary>
    public CaptionClient Operator => Admin.Client;

    /// <summary>What the admin leaves in ledgers.</summary>
    public string OperatorSignature => $"admin {Admin.AccountId}";

    /// <summary>Half a minute of speech: one credit.</summary>
    public string Speech => Path.Combine(Service.Folder, "speech.mp4");

    public string WithoutAudio => Path.Combine(Service.Folder, "silent-film.mp4");

    public string Text => Path.Combine(Service.Folder, "text.mp4");

    public string Truncated => Path.Combine(Service.Folder, "truncated.mp4");

    /// <summary>Two minutes and a half of silence: three credits, more than a guest has.</summary>
    public string Expensive => Path.Combine(Service.Folder, "expensive.m4a");

    public async ValueTask InitializeAsync()
    {
        server = await PostgresServer.Start();
        Service = await CaptionService.Start(await server.CreateDatabase(), new CaptionServiceSettings
        {
            Silo = new Dictionary<string, string>
            {
                ["Credits__GuestGrant"] = $"{GuestGrant}",
                ["Plans__Member__MaximumPinned"] = $"{MemberPins}",
                ["Credits__MaximumExpiringGrantsPerAccount"] = $"{MaximumExpiringGrants}",
                // Receivers of tests are on this machine.
                ["Webhooks__AllowHttp"] = "true",
                ["Webhooks__AllowedPorts__0"] = "1024-65535",
                ["Webhooks__AllowedNetworks__0"] = "127.0.0.1/32",
                ["Webhooks__PollInterval"] = "00:00:00.100",
                ["Webhooks__RetryDelay"] = "00:00:00.100",
                // Longer than a busy machine takes from one wrong password to the next.
                ["SignIn__FirstDelay"] = "00:01:00",
            },
            Api = new Dictionary<string, string>
            {
                ["Uploads__MaximumBytes"] = $"{MaximumBytes}",
                ["Uploads__MaximumResumableBytes"] = $"{MaximumBytes}",
                // A Silo starts more slowly on a machine that is busy with other things.
                ["Cluster__RetryFor"] = "00:02:00",
            },
        });
        Admin = await Service.CreateAdmin();
        await SampleSpeech.WriteVideo(Speech);
        await SampleSpeech.WriteVideoWithoutAudio(WithoutAudio);
        await SampleSpeech.WriteTextNamedAsVideo(Text);
        await SampleSpeech.WriteTruncatedVideo(Truncated);
        await SampleSpeech.Ffmpeg(["-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "150", "-c:a", "aac", Expensive]);
    }

    public async ValueTask DisposeAsync()
    {
        Admin?.Dispose();
        if (Service is not null)
            await Service.DisposeAsync();
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>A client with an account of its own.</summary>
    public async Task<CaptionClient> NewGuest()
    {
        var client = Service.CreateClient();
        await client.BecomeGuest(TestContext.Current.CancellationToken);
        return client;
    }

    /// <summary>A client of another Api of the same service, that is nobody yet.</summary>
    public async Task<CaptionClient> CreateClientOfTheOtherApi() =>
        new(await (otherApi ??= Service.StartFurtherApi(TestContext.Current.CancellationToken)));

    /// <summary>A database for a service with other settings.</summary>
    public Task<TestDatabase> CreateDatabase() => server!.CreateDatabase();

    /// <summary>Every file in the object store.</summary>
    public HashSet<string> Objects() => [.. Directory.EnumerateFiles(Service.ObjectFolder, "*", SearchOption.AllDirectories)];
}
