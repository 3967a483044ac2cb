using System.Net.Sockets;
using Npgsql;

namespace AX2Caption.Silo.Migrations;

/// <summary><c>Silo migrate</c>: migrates the database of <c>ConnectionStrings:Owner</c> and says what it did.</summary>
public static class MigrateCommand
{
    private const string Key = "ConnectionStrings:Owner";

    /// <summary>Exit code: 0 when the schema is current, 1 when it is not and the last line on <paramref name="error"/> says why.</summary>
    public static async Task<int> Run(IConfiguration configuration, TextWriter output, TextWriter error, CancellationToken ct = default)
    {
        if (configuration[Key] is not { Length: > 0 } connectionString)
        {
            await error.WriteLineAsync($"No connection string: set {Key} (as an environment variable: ConnectionStrings__Owner) to that of the role that owns the schema.");
            return 1;
        }

        try
        {
            var ran = await Migrator.Migrate(connectionString, output, ct);
            await output.WriteLineAsync(ran.Count == 0 ? "The schema is current: nothing to run." : $"The schema is current: {ran.Count} script(s) ran.");
            return 0;
        }
        catch (Exception e) when (Explain(e, connectionString) is { } sentence)
        {
            await error.WriteLineAsync(sentence);
            return 1;
        }
    }

    /// <summary>A sentence that says what to do; null for what nobody foresaw, which is better shown with its trace.</summary>
    private static string? Explain(Exception exception, string connectionString) => exception switch
    {
        MigrationFailedException { InnerException: PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } cause } failed =>
            $"Not enough rights for {failed.Script}: {cause.MessageText}. Nothing of it was kept. "
            + $"The role of {Key} must own the database, and may create roles (CREATEROLE) unless ax2_silo and ax2_api are there already.",
        MigrationFailedException failed => $"{failed.Message.TrimEnd('.')}. Nothing of that script was kept.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } e =>
            $"The server does not let this role in: {e.MessageText}. Check user name and password in {Key}.",
        PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName } e =>
            $"The server has no such database: {e.MessageText}. Create it, owned by the role of {Key}.",
        PostgresException { SqlState: PostgresErrorCodes.InsufficientPrivilege } e =>
            $"Not enough rights: {e.MessageText}. The role of {Key} must own the database.",
        PostgresException e => $"The server refuses: {e.MessageText}.",
        NpgsqlException { InnerException: (SocketException or TimeoutException or IOException) and var cause } =>
            $"{Server(connectionString)} cannot be reached: {cause.Message.TrimEnd('.')}. Is PostgreSQL running there, and is {Key} right?",
        ArgumentException e => $"{Key} is not a PostgreSQL connection string: {e.Message.TrimEnd('.')}.",
        _ => null,
    };

    private static string Server(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        return $"{parts.Host}:{parts.Port}";
    }
}
