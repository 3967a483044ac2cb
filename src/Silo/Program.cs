using AX2Caption.Grains.Transcription;
using AX2Caption.ServiceDefaults;
using AX2Caption.Silo;
using AX2Caption.Silo.Hosting;

// Started by a worker, and told all that it needs.
if (args is ["speech-engine", "pocketsphinx", var model])
    return PocketSphinxProgram.Run(model);

if (await Commands.Run(args, Console.Out, Console.Error) is { } exitCode)
    return exitCode;

await using var app = await CheckedHost.Build("Silo", () => SiloHost.Build(args), Console.Error);
if (app is null)
    return 1;

app.MapEndpoints();
await app.RunAsync();
return 0;
