using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.S3;
using AX2Caption.Testing.Service;
using AX2Caption.Testing.Speech;
using Npgsql;

namespace AX2Caption.Scenarios.Cluster;

/// <summary>
/// Everything that runs: three silos, each for grains and work, two of which have the time of day wrong; an Api; PostgreSQL; an S3 server behind a
/// proxy that disturbs; and a speech server.
/// </summary>
internal sealed class Stage : IAsyncDisposable
{
    public const int Silos = 3;
    public const long BuiltInPrice = 1;
    public const long ServerPrice = 3;
    public const long Granted = 100;

    /// <summary>More than the faults can cost one task; fewer than a busy server puts one back.</summary>
    public const int MaximumAttempts = 10;

    /// <summary>Requests that one attempt at a chunk may make.</summary>
    public const int RequestsPerAttempt = 2;

    /// <summary>Eight times a lease. Silos that are 60 s apart would take one another for absent, and the word of one be enough to give another up.</summary>
    private static readonly TimeSpan WrongBy = TimeSpan.FromSeconds(25);

    private readonly List<IAsyncDisposable> parts = [];

    private Stage()
    {
    }

    public PostgresServer Postgres { get; private set; } = null!;

    public TestDatabase Database { get; private set; } = null!;

    public FaultProxy Store { get; private set; } = null!;

    public SiloGroup Group { get; private set; } = null!;

    /// <summary>The one whose Api all use.</summary>
    public CaptionService First => Group.Silos[0];

    public static async Task<Stage> Set(CapriciousSpeech speech, CancellationToken cancellationToken)
    {
        var stage = new Stage();
        try
        {
            var s3 = stage.Keep(await S3Server.Start(cancellationToken));
            var bucket = await s3.CreateBucket(cancellationToken);
            stage.Store = stage.Keep(await FaultProxy.Start(s3.Endpoint, cancellationToken));
            var server = stage.Keep(await SpeechServer.Start(cancellationToken));
            server.Hears = speech.Hear;
            stage.Postgres = stage.Keep(await PostgresServer.Start(cancellationToken));
            stage.Database = await stage.Postgres.CreateDatabase(cancellationToken);
            var store = (bucket with { Endpoint = stage.Store.Endpoint }).Settings();
            stage.Group = stage.Keep(await SiloGroup.Start(
                stage.Database,
                [.. Enumerable.Range(0, Silos).Select(silo => new CaptionServiceSettings { Silo = Settings(silo, server, store), Api = store })],
                cancellationToken));
            await stage.First.StartApi(cancellationToken);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends every connection that Silos and Api have to the database.</summary>
    public async Task CutConnections(CancellationToken cancellationToken)
    {
        await using var superuser = NpgsqlDataSource.Create(Postgres.SuperuserConnectionString(Database.Name));
        await using var command = superuser.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and application_name like 'ax2-%'");
        await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Copies what the processes wrote to where it outlives them.</summary>
    /// <returns>The folder.</returns>
    public string KeepLogs(int seed)
    {
        var root = Environment.GetEnvironmentVariable("AX2_TEST_DIR") is { Length: > 0 } given ? given : Path.GetTempPath();
        var folder = Path.Combine(root, $"outliving-faults-{seed}");
        foreach (var (silo, service) in Group.Silos.Index())
        {
            var own = Directory.CreateDirectory(Path.Combine(folder, $"silo-{silo}")).FullName;
            var logs = Directory.Exists(service.LogFolder) ? Directory.GetFiles(service.LogFolder) : [];
            foreach (var file in logs.Concat(Directory.GetFiles(service.Folder, "*.out")))
                File.Copy(file, Path.Combine(own, Path.GetFileName(file)), overwrite: true);
        }

        return folder;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts))
            await part.DisposeAsync();
    }

    private T Keep<T>(T part) where T : IAsyncDisposable
    {
        parts.Add(part);
        return part;
    }

    private static Dictionary<string, string> Settings(int silo, SpeechServer server, Dictionary<string, string> store)
    {
        var settings = new Dictionary<string, string>(store)
        {
            ["Worker__Slots"] = "2",
            ["Worker__MaximumAttempts"] = $"{MaximumAttempts}",
            ["Worker__RetryDelay"] = "00:00:00.500",
            ["Worker__OutageDelay"] = "00:00:00.500",
            ["Worker__MaximumOutageDelay"] = "00:00:02",
            ["Credits__GuestGrant"] = $"{Granted}",
            ["Credits__PerStartedMinute"] = $"{BuiltInPrice}",
            ["Credits__Engines__speech"] = $"{ServerPrice}",
            ["Credits__Engines__dear"] = $"{Granted + 1}",
            ["Jobs__MaximumLiveJobsPerAccount"] = $"{Cast.Jobs}",
            // Several chunks from a few sentences.
            ["Transcription__Chunks__Target"] = "00:00:04",
            ["Transcription__Chunks__Max"] = "00:00:08",
            ["Transcription__PocketSphinx__Decoders"] = "1",
        };
        AddEngine("speech", ["ko", "de", "fr", "es", Cast.Refused, Cast.Busy], detectsLanguage: true);
        AddEngine("dear", [Cast.TooDear], detectsLanguage: false);
        foreach (var (key, value) in silo == 0 ? [] : ShiftedClock.Settings(silo == 1 ? WrongBy : -WrongBy))
            settings[key] = value;
        return settings;

        void AddEngine(string name, string[] languages, bool detectsLanguage)
        {
            var section = $"Transcription__OpenAi__{name}__";
            foreach (var (i, language) in languages.Index())
                settings[$"{section}Languages__{i}"] = language;
            settings[$"{section}BaseUrl"] = server.BaseUrl;
            settings[$"{section}ApiKey"] = server.Key;
            settings[$"{section}Model"] = server.Model;
            settings[$"{section}DetectsLanguage"] = $"{detectsLanguage}";
            settings[$"{section}MaxRetries"] = $"{RequestsPerAttempt - 1}";
            settings[$"{section}RetryDelay"] = "00:00:00.100";
            // What the server asks for is waited for by the task.
            settings[$"{section}MaximumRetryAfter"] = "00:00:00";
            settings[$"{section}Timeout"] = "00:00:05";
            settings[$"{section}BreakerWindow"] = "00:00:10";
            settings[$"{section}BreakDuration"] = "00:00:01";
        }
    }
}
