using AX2Caption.Testing.Postgres;

namespace AX2Caption.Testing.Service;

/// <summary>Several Silos as processes, which are one cluster since they share a database, and one object store.</summary>
public sealed class SiloGroup : IAsyncDisposable
{
    private readonly List<CaptionService> silos = [];

    private SiloGroup()
    {
    }

    /// <summary>Each Silo by itself, to be killed, stopped and started again.</summary>
    public IReadOnlyList<CaptionService> Silos => silos;

    /// <summary>Starts Silos that run grains and no worker, and answers when all say that they are ready.</summary>
    public static Task<SiloGroup> Start(TestDatabase database, int count, CancellationToken cancellationToken = default) =>
        Start(database, [.. Enumerable.Repeat(new Dictionary<string, string> { ["Cluster__Roles__0"] = "core" }, count)], cancellationToken);

    /// <summary>Starts a Silo with each of these settings, and answers when all say that they are ready.</summary>
    public static Task<SiloGroup> Start(
        TestDatabase database, IReadOnlyList<IReadOnlyDictionary<string, string>> settings, CancellationToken cancellationToken = default) =>
        Start(database, [.. settings.Select(own => new CaptionServiceSettings { Silo = own })], cancellationToken);

    /// <summary>
    /// Starts a Silo with each of these settings, one after the other, and answers when all say that they are ready: together on two processors they starve
    /// each other, until two that have not met a third yet may give one another up.
    /// </summary>
    public static async Task<SiloGroup> Start(
        TestDatabase database, IReadOnlyList<CaptionServiceSettings> settings, CancellationToken cancellationToken = default)
    {
        var group = new SiloGroup();
        try
        {
            foreach (var own in settings)
            {
                var silo = new Dictionary<string, string>(own.Silo);
                if (group.silos is [var first, ..])
                    silo["Storage__Root"] = first.ObjectFolder;
                group.silos.Add(await CaptionService.Prepare(database, own with { Silo = silo }, cancellationToken));
            }

            foreach (var silo in group.silos)
                await silo.StartSilo(cancellationToken);
            return group;
        }
        catch
        {
            await group.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the processes, without ceremony, and deletes their folders.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos)
            await silo.DisposeAsync();
    }
}
