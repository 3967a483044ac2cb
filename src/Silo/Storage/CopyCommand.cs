using AX2Caption.ServiceDefaults;
using AX2Caption.Storage;
using AX2Caption.Storage.Copying;
using Microsoft.Extensions.Options;

namespace AX2Caption.Silo.Storage;

/// <summary><c>Silo storage copy</c>: copies all objects from the store of section <c>Storage</c> to that of <c>StorageCopy:Target</c>.</summary>
internal static class CopyCommand
{
    public const string TargetSection = "StorageCopy:Target";

    private const int ObjectsPerLine = 100;

    /// <summary>Exit code: 0 when every object stands in the target with the same content, 1 otherwise.</summary>
    /// <exception cref="OptionsValidationException">Settings are wrong; those of both stores are named.</exception>
    public static async Task<int> Run(IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        var (from, to) = OpenBoth(configuration);
        using var disposeFrom = from as IDisposable;
        using var disposeTo = to as IDisposable;
        try
        {
            return await Copy(from, to, output, error, cancellationToken);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"The copy was broken off: {fault.Message} Run it again: it goes on where it was.");
            return 1;
        }
    }

    private static (IObjectStore From, IObjectStore To) OpenBoth(IConfiguration configuration)
    {
        var failures = new List<string>();
        var from = Open(StorageOptions.Section);
        var to = Open(TargetSection);
        if (failures.Count == 0)
        {
            if (StorageServices.AreTheSamePlace(configuration, StorageOptions.Section, TargetSection))
                failures.Add($"{TargetSection} is the store that {StorageOptions.Section} describes.");
            else if (StorageServices.LieInOneAnother(configuration, StorageOptions.Section, TargetSection))
                failures.Add($"{TargetSection} and {StorageOptions.Section} lie one inside the other: give each store a place of its own.");
        }

        return failures.Count == 0
            ? (from!, to!)
            : throw new OptionsValidationException(TargetSection, typeof(StorageOptions), failures);

        IObjectStore? Open(string section)
        {
            try
            {
                return StorageServices.OpenObjectStore(configuration, section, TimeProvider.System);
            }
            catch (Exception fault) when (BadSettings.In(fault) is { } wrong)
            {
                failures.AddRange(wrong);
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
