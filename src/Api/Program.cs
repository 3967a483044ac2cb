using AX2Caption.Api;
using AX2Caption.Api.Passwords;
using AX2Caption.Api.Sessions;

if (args is ["create-signing-key", var newKeys])
    return SigningKeyCommands.Create(newKeys);
if (args is ["rotate-signing-key", var keys])
    return SigningKeyCommands.Rotate(keys);
if (args is ["create-pepper", var pepper])
    return Pepper.Create(pepper);

await using var app = ApiHost.Build(args);
if (!app.HasValidOptions())
    return 1;

app.UsePipeline();
app.MapEndpoints();
await app.RunAsync();
return 0;
