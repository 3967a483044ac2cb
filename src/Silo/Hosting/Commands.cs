using System.Text.RegularExpressions;
using AX2Caption.ServiceDefaults;
using AX2Caption.Silo.Accounts;
using AX2Caption.Silo.Auditing;
using AX2Caption.Silo.Migrations;
using AX2Caption.Silo.Storage;

namespace AX2Caption.Silo.Hosting;

/// <summary>What the Silo's program does besides serving: one thing, without a host, and it ends.</summary>
internal static partial class Commands
{
    private const string Usage = """
        AX2Caption.Silo                                        serves
        AX2Caption.Silo migrate                                brings the database of ConnectionStrings:Owner up to date
        AX2Caption.Silo audit                                  checks the ledger, the tables and the object store
        AX2Caption.Silo storage verify [--content] [--repair]  compares the store and the tables; reads every object, deletes what belongs to nothing
        AX2Caption.Silo storage copy                           copies all objects from the store of Storage to that of StorageCopy:Target
        AX2Caption.Silo admin grant-role EMAIL admin           lets a member use the API's operator endpoints; revoke-role takes it back
        Settings come from the environment, as ConnectionStrings__Silo, or from the command line, as --ConnectionStrings:Silo=…
        """;

    /// <summary>Does what the arguments say, if they are a command's. One that is not known as it stands is refused, and nothing done.</summary>
    /// <param name="args">The program's arguments. Settings may stand anywhere among them.</param>
    /// <param name="output">Hears of what was done.</param>
    /// <param name="error">Hears of what went wrong.</param>
    /// <returns>The exit code; null if the arguments are those of the host that serves.</returns>
    public static async Task<int?> Run(string[] args, TextWriter output, TextWriter error)
    {
        var (words, configuration) = Read(args);
        try
        {
            switch (words)
            {
                case []:
                    return null;
                case [..] when words.Any(word => word is "--help" or "-h") || words[0] == "help":
                    await output.WriteLineAsync(Usage);
                    return 0;
                case ["migrate"]:
                    return await MigrateCommand.Run(configuration, output, error);
                case ["audit"]:
                    return await AuditCommand.Run(configuration, output, error);
                case ["storage", "verify", .. var flags] when VerifyCommand.Knows(flags):
                    return await VerifyCommand.Run(flags, configuration, output, error);
                case ["storage", "copy"]:
                    return await CopyCommand.Run(configuration, output, error);
                case ["admin", "grant-role" or "revoke-role", _, "admin"]:
                    return await AdminCommand.Run(words[1..], configuration, output, error);
                case [var first, ..] when first.StartsWith('-') || first.Contains('='):
                    // What every host of the framework knows, such as --environment.
                    return null;
                default:
                    await error.WriteLineAsync($"Nothing was done: '{string.Join(' ', words.Select(WithoutValue))}' is none of these.");
                    await error.WriteLineAsync(Usage);
                    return 1;
            }
        }
        catch (Exception exception) when (BadSettings.In(exception) is { } failures)
        {
            foreach (var failure in failures)
                await error.WriteLineAsync(failure);
            return 1;
        }
    }

    /// <summary>The same configuration as the host's: its files, the environment and the arguments that are settings; these have a section.</summary>
    private static (string[] Words, IConfiguration Configuration) Read(string[] args)
    {
        var (words, settings) = (new List<string>(), new List<string>());
        for (var i = 0; i < args.Length; i++)
        {
            if (SettingWithValue().IsMatch(args[i]))
                settings.Add(args[i]);
            else if (Setting().IsMatch(args[i]) && i + 1 < args.Length)
                settings.AddRange([args[i], args[++i]]);
            else
                words.Add(args[i]);
        }

        var configuration = new ConfigurationBuilder()
            .SetBasePath(AppContext.BaseDirectory)
            .AddJsonFile("appsettings.json", optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine([.. settings])
            .Build();
        return ([.. words], configuration);
    }

    /// <summary>What was meant as a setting may be a secret.</summary>
    private static string WithoutValue(string word) => word.Contains('=') ? $"{word[..word.IndexOf('=')]}=…" : word;

    [GeneratedRegex(@"^(--|/)?[\w-]+(:[\w-]+)+=")]
    private static partial Regex SettingWithValue();

    [GeneratedRegex(@"^--[\w-]+(:[\w-]+)+$")]
    private static partial Regex Setting();
}
