using AX2Caption.Testing.Postgres;

namespace AX2Caption.Testing.Service;

/// <summary>Several Silos as processes, which are one cluster since they share a database. They run grains and no worker.</summary>
public sealed class SiloGroup : IAsyncDisposable
{
    private readonly List<CaptionService> silos = [];

    private SiloGroup()
    {
    }

    /// <summary>Each Silo by itself, to be killed, stopped and started again.</summary>
    public IReadOnlyList<CaptionService> Silos => silos;

    /// <summary>Starts them together and answers when all say that they are ready.</summary>
    public static async Task<SiloGroup> Start(TestDatabase database, int count, CancellationToken cancellationToken = default)
    {
        var group = new SiloGroup();
        try
        {
            for (var i = 0; i < count; i++)
            {
                var settings = new Dictionary<string, string> { ["Cluster__Roles__0"] = "core" };
                if (group.silos is [var first, ..])
                    settings["Storage__Root"] = first.ObjectFolder;
                group.silos.Add(await CaptionService.Prepare(database, new CaptionServiceSettings { Silo = settings }, cancellationToken));
            }

            foreach (var silo in group.silos)
                silo.BeginSilo();
            foreach (var silo in group.silos)
                await silo.SiloReady(cancellationToken);
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
