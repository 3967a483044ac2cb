namespace AX2Caption.Silo.Hosting;

internal static class Commands
{
    /// <summary>The configuration of a command that runs without a host: the same files, environment and arguments.</summary>
    public static IConfiguration Configuration(string[] args) => new ConfigurationBuilder()
        .SetBasePath(AppContext.BaseDirectory)
        .AddJsonFile("appsettings.json", optional: true)
        .AddEnvironmentVariables()
        .AddCommandLine(args[1..])
        .Build();
}
