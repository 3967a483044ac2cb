using AX2Caption.Grains.Retention;
using AX2Caption.Silo.Hosting;
using AX2Caption.Storage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AX2Caption.Silo.Storage;

/// <summary><c>Silo storage verify</c>: compares the object store and the tables both ways, and names each difference.</summary>
internal static class VerifyCommand
{
    private const string ContentFlag = "--content";
    private const string RepairFlag = "--repair";

    /// <summary>Whether these are its flags. One that is not known must not be passed over: what was meant by it would not be done.</summary>
    public static bool Knows(IEnumerable<string> flags) => flags.All(flag => flag is ContentFlag or RepairFlag);

    /// <summary>Exit code: 0 when they agree, 3 when they differ, 1 when they could not be compared.</summary>
    /// <param name="flags"><c>--content</c> reads every object, <c>--repair</c> deletes what belongs to nothing.</param>
    /// <param name="configuration">Where the store and the database are.</param>
    /// <param name="output">Hears of what is found.</param>
    /// <param name="error">Hears of what went wrong.</param>
    /// <exception cref="OptionsValidationException">Settings are wrong.</exception>
    public static async Task<int> Run(string[] flags, IConfiguration configuration, TextWriter output, TextWriter error)
    {
        var connectionString = configuration.Settings<DatabaseOptions>(DatabaseOptions.Section).Silo!;
        await using var services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging()
            .AddNpgsqlDataSource(connectionString)
            .AddObjectStore()
            .AddSingleton<StorageVerifier>()
            .BuildServiceProvider();
        try
        {
            if (flags.Contains(RepairFlag) && !await services.GetRequiredService<StorageVerifier>().KnowsVideos(CancellationToken.None))
            {
                await error.WriteLineAsync("The database knows no video at all, so that every object would be deleted. Is it the right one?");
                return 1;
            }

            var compared = await services.GetRequiredService<StorageVerifier>().Verify(
                flags.Contains(ContentFlag), flags.Contains(RepairFlag), Tell, CancellationToken.None);
            await output.WriteLineAsync(
                $"{(compared.Findings == 0 ? "The store and the tables agree" : $"{compared.Findings} findings")}: "
                + $"{compared.Objects} objects, {compared.Rows} rows.");
            return compared.Findings == 0 ? 0 : 3;
        }
        catch (Exception fault) when (fault is NpgsqlException or IOException)
        {
            await error.WriteLineAsync($"The store and the tables could not be compared: {fault.Message}");
            return 1;
        }

        Task Tell(StorageFinding finding) =>
            output.WriteLineAsync($"{finding.Code}: {finding.Key}: {finding.Detail}{(finding.Repaired ? "; deleted" : "")}");
    }
}
