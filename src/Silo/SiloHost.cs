using AX2Caption.ServiceDefaults;
using AX2Caption.Silo.Admin;
using AX2Caption.Silo.Health;
using AX2Caption.Silo.Hosting;
using AX2Caption.Storage;

namespace AX2Caption.Silo;

/// <summary>The Silo, put together: its services, and what its listener answers.</summary>
internal static class SiloHost
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.AddServiceDefaults("silo");

        // Hosted services stop in reverse order: workers drain while the silo still speaks with the cluster, the silo stops
        // while what its grains need is still there.
        builder.AddDatabase();
        builder.Services.AddObjectStore();
        builder.AddWriters();
        builder.AddCluster();
        builder.AddRoles();

        builder.AddAdminListener();
        builder.AddMetrics();
        builder.AddReadiness();
        return builder.Build();
    }

    public static void MapEndpoints(this WebApplication app)
    {
        app.UseAdminListener();
        app.MapHealth();
        app.MapMetrics();
        app.MapDashboard();
    }
}
