using AX2Caption.Grains.Auditing;
using AX2Caption.Silo.Hosting;
using AX2Caption.Storage;
using Npgsql;

namespace AX2Caption.Silo.Auditing;

/// <summary><c>Silo audit</c>: checks the whole book and the object store, and names each violation.</summary>
internal static class AuditCommand
{
    /// <summary>Exit code: 0 when all holds, 2 when something is broken, 1 when it could not be checked.</summary>
    public static async Task<int> Run(IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var connectionString = configuration.Settings<DatabaseOptions>(DatabaseOptions.Section).Silo;
        await using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging()
            // A whole book takes as long as it takes.
            .AddNpgsqlDataSource(new NpgsqlConnectionStringBuilder(connectionString) { CommandTimeout = 0 }.ConnectionString)
            .AddObjectStore()
            .AddSingleton<Auditor>()
            .BuildServiceProvider();
        try
        {
            var violations = await services.GetRequiredService<Auditor>().Audit();
            foreach (var violation in violations)
            {
                await output.WriteLineAsync($"{violation.Rule}: {violation.Subject}: {violation.Detail}");
            }

            await output.WriteLineAsync(violations.Count == 0 ? "The book is in order." : $"{violations.Count} violations.");
            return violations.Count == 0 ? 0 : 2;
        }
        catch (NpgsqlException fault)
        {
            await error.WriteLineAsync($"The database could not be read: {fault.Message}");
            return 1;
        }
    }
}
