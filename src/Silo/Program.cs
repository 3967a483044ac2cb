using AX2Caption.ServiceDefaults;
using AX2Caption.Silo;
using AX2Caption.Silo.Hosting;

if (await Commands.Run(args, Console.Out, Console.Error) is { } exitCode)
    return exitCode;

await using var app = await CheckedHost.Build("Silo", () => SiloHost.Build(args), Console.Error);
if (app is null)
    return 1;

app.MapEndpoints();
await app.RunAsync();
return 0;
