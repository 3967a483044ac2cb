using AX2Caption.Storage;
using AX2Caption.Storage.Copying;
using Microsoft.Extensions.Options;

namespace AX2Caption.Silo.Storage;

/// <summary><c>Silo storage copy</c>: copies all objects from the store of section <c>Storage</c> to that of <c>StorageCopy:Target</c>.</summary>
internal static class StorageCommand
{
    public const string TargetSection = "StorageCopy:Target";

    private const string Usage = $"""
        storage copy     copies all objects from the store that {StorageOptions.Section} describes to the one that {TargetSection} does
        storage verify   compares the store and the tables; with --content reads every object, with --repair deletes what belongs to nothing
        """;

    private const int ObjectsPerLine = 100;

    /// <summary>Exit code: 0 when every object stands in the target with the same content, 1 otherwise.</summary>
    public static async Task<int> Run(
        string[] arguments, IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        if (arguments is not ["copy", ..])
        {
            await error.WriteLineAsync(Usage);
            return 1;
        }

        IObjectStore from, to;
        try
        {
            (from, to) = OpenBoth(configuration);
        }
        catch (OptionsValidationException fault)
        {
            foreach (var failure in fault.Failures)
                await error.WriteLineAsync(failure);
            return 1;
        }

        using var disposeFrom = from as IDisposable;
        using var disposeTo = to as IDisposable;
        try
        {
            return await Copy(from, to, output, error, cancellationToken);
        }
        catch (IOException fault)
        {
            await error.WriteLineAsync($"The copy was broken off: {fault.Message} Run it again: it goes on where it was.");
            return 1;
        }
    }

    /// <exception cref="OptionsValidationException">Settings are wrong; those of both stores are named.</exception>
    private static (IObjectStore From, IObjectStore To) OpenBoth(IConfiguration configuration)
    {
        var failures = new List<string>();
        var from = Open(StorageOptions.Section);
        var to = Open(TargetSection);
        if (failures.Count == 0 && StorageServices.AreTheSamePlace(configuration, StorageOptions.Section, TargetSection))
            failures.Add($"{TargetSection} is the store that {StorageOptions.Section} describes.");
        return failures.Count == 0
            ? (from!, to!)
            : throw new OptionsValidationException(TargetSection, typeof(StorageOptions), failures);

        IObjectStore? Open(string section)
        {
            try
            {
                return StorageServices.OpenObjectStore(configuration, section, TimeProvider.System);
            }
            catch (OptionsValidationException fault)
            {
                failures.AddRange(fault.Failures);
                return null;
            }
        }
    }

    private static async Task<int> Copy(IObjectStore from, IObjectStore to, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        await to.CheckHealth(cancellationToken);
        var totals = await new StoreCopy(from, to).Run(async (done, soFar) =>
        {
            if (done.Outcome == CopyOutcome.Failed)
                await error.WriteLineAsync($"{done.Key}: {done.Fault}");
            if (soFar.Objects % ObjectsPerLine == 0)
                await output.WriteLineAsync($"{soFar.Objects} objects so far: {Described(soFar)}.");
        }, cancellationToken);

        var unfinished = await from.ListUnfinished(cancellationToken).CountAsync(cancellationToken);
        if (unfinished > 0)
            await output.WriteLineAsync($"{unfinished} unfinished writes were not copied: these uploads have to begin again.");
        await output.WriteLineAsync($"{totals.Objects} objects: {Described(totals)}.");
        return totals.Failed == 0 ? 0 : 1;
    }

    private static string Described(CopyTotals totals) =>
        $"{totals.Copied} copied ({totals.CopiedBytes} bytes) and read back, {totals.AlreadyThere} were there, {totals.Gone} deleted meanwhile, {totals.Failed} failed";
}
