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

    /// <summary>Exit code: 0 when they agree, 3 when they differ, 1 when they could not be compared.</summary>
    /// <param name="args">What follows the command's name: <c>--content</c> reads every object, <c>--repair</c> deletes what belongs to nothing; the rest is configuration.</param>
    /// <param name="output">Hears of what is found.</param>
    /// <param name="error">Hears of what went wrong.</param>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error)
    {
        var configuration = Commands.Configuration(["storage", .. args.Except([ContentFlag, RepairFlag])]);
        if (configuration.GetConnectionString("Silo") is not { Length: > 0 } connectionString)
        {
            await error.WriteLineAsync("ConnectionStrings:Silo is missing: set it to the silo's role on PostgreSQL.");
            return 1;
        }

        await using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging()
            .AddNpgsqlDataSource(connectionString)
            .AddObjectStore()
            .AddSingleton<StorageVerifier>()
            .BuildServiceProvider();
        try
        {
            var compared = await services.GetRequiredService<StorageVerifier>().Verify(
                args.Contains(ContentFlag), args.Contains(RepairFlag), Tell, CancellationToken.None);
            await output.WriteLineAsync(
                $"{(compared.Findings == 0 ? "The store and the tables agree" : $"{compared.Findings} findings")}: "
                + $"{compared.Objects} objects, {compared.Rows} rows.");
            return compared.Findings == 0 ? 0 : 3;
        }
        catch (OptionsValidationException fault)
        {
            foreach (var failure in fault.Failures)
                await error.WriteLineAsync(failure);
            return 1;
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
