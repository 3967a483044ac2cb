using AX2Caption.Api;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Sessions;
using AX2Caption.ServiceDefaults;

const string Usage = """
    AX2Caption.Api                               serves
    AX2Caption.Api create-signing-key FOLDER     makes the first key for access tokens, if there is none
    AX2Caption.Api rotate-signing-key FOLDER     makes the next one, and deletes those that are long out of use
    AX2Caption.Api create-pepper PATH            makes the secret that passwords are keyed with, if there is none
    Settings come from the environment, as ConnectionStrings__Api, or from the command line, as --Api:Url=http://127.0.0.1:8080.
    """;

switch (args)
{
    case ["create-signing-key", var keys]:
        return SigningKeyCommands.Create(keys);
    case ["rotate-signing-key", var keys]:
        return SigningKeyCommands.Rotate(keys);
    case ["create-pepper", var pepper]:
        return Pepper.Create(pepper);
    case ["--help" or "-h" or "help", ..]:
        Console.WriteLine(Usage);
        return 0;
    case [var word, ..] when !word.StartsWith('-') && !word.Contains('='):
        Console.Error.WriteLine($"Nothing was done. These are the commands:{Environment.NewLine}{Usage}");
        return 1;
}

await using var app = await CheckedHost.Build("Api", () => ApiHost.Build(args), Console.Error);
if (app is null)
    return 1;

app.UsePipeline();
app.MapEndpoints();
await app.RunAsync();
return 0;
