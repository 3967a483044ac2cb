using AX2Caption.Grains.Auditing;
using AX2Caption.Storage;
using AX2Caption.Testing.Postgres;
using AX2Caption.Testing.Service;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace AX2Caption.Testing.Audit;

/// <summary>A service's tables and stored objects, read beside it.</summary>
public static class Book
{
    private static readonly TimeSpan RestsWithin = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>What the auditor still finds after a minute: what is owed, or an object that is being written, may be under way for a moment.</summary>
    public static async Task<IReadOnlyList<Violation>> AuditAtRest(CaptionService service, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RestsWithin);
        IReadOnlyList<Violation> violations;
        do
        {
            violations = await Audit(service, cancellationToken);
        }
        while (violations.Count > 0 && await Passes(LookEvery, limit.Token));
        cancellationToken.ThrowIfCancellationRequested();
        return violations;
    }

    /// <summary>What the auditor finds in the service's database and object store.</summary>
    public static Task<IReadOnlyList<Violation>> Audit(CaptionService service, CancellationToken cancellationToken = default) =>
        Audit(service.Database, service.StorageSettings, cancellationToken);

    /// <summary>What the auditor finds in a database and an object folder.</summary>
    public static Task<IReadOnlyList<Violation>> Audit(TestDatabase database, string objectFolder, CancellationToken cancellationToken = default) =>
        Audit(database, new Dictionary<string, string?> { ["Storage:Root"] = objectFolder }, cancellationToken);

    private static async Task<IReadOnlyList<Violation>> Audit(
        TestDatabase database, Dictionary<string, string?> storage, CancellationToken cancellationToken)
    {
        // The default of half a minute is too short for a book of millions of lines.
        var connection = new NpgsqlConnectionStringBuilder(database.SiloConnectionString) { CommandTimeout = 300 };
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(storage)
            .Build();
        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddNpgsqlDataSource(connection.ConnectionString)
            .AddObjectStore()
            .AddSingleton<Auditor>()
            .BuildServiceProvider();
        return await services.GetRequiredService<Auditor>().Audit(cancellationToken);
    }

    private static async Task<bool> Passes(TimeSpan time, CancellationToken limit)
    {
        await Task.Delay(time, limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !limit.IsCancellationRequested;
    }

    /// <summary>The first column of every row that a statement of the test's own answers.</summary>
    public static async Task<List<T>> Query<T>(CaptionService service, string sql, CancellationToken cancellationToken = default)
    {
        await using var database = NpgsqlDataSource.Create(service.Database.SiloConnectionString);
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var values = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            values.Add(reader.GetFieldValue<T>(0));
        return values;
    }
}
