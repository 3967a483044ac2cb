using AX2Caption.Grains.Transcription;
using AX2Caption.ServiceDefaults;
using AX2Caption.Silo.Accounts;
using AX2Caption.Silo.Admin;
using AX2Caption.Silo.Auditing;
using AX2Caption.Silo.Health;
using AX2Caption.Silo.Hosting;
using AX2Caption.Silo.Migrations;
using AX2Caption.Silo.Storage;
using AX2Caption.Storage;

if (args is ["migrate", ..])
{
    return await MigrateCommand.Run(Commands.Configuration(args), Console.Out, Console.Error);
}

if (args is ["speech-engine", "pocketsphinx", var model])
{
    return PocketSphinxProgram.Run(model);
}

if (args is ["audit", ..])
{
    return await AuditCommand.Run(Commands.Configuration(args), Console.Out, Console.Error);
}

if (args is ["storage", "verify", .. var verification])
{
    return await VerifyCommand.Run(verification, Console.Out, Console.Error);
}

if (args is ["admin", .. var act])
{
    return await AdminCommand.Run(act, Commands.Configuration(["admin"]), Console.Out, Console.Error);
}

if (args is ["storage", .. var work])
{
    return await StorageCommand.Run(work, Commands.Configuration(["storage"]), Console.Out, Console.Error);
}

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

var app = builder.Build();
app.UseAdminListener();
app.MapHealth();
app.MapMetrics();
app.MapDashboard();
await app.RunAsync();
return 0;
