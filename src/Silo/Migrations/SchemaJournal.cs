using System.Data;
using DbUp.Engine;
using Npgsql;

namespace AX2Caption.Silo.Migrations;

/// <summary>What has run, in <c>schema_migration</c>. A script's row commits together with what the script did.</summary>
internal sealed class SchemaJournal(IReadOnlySet<string> applied) : IJournal
{
    // Made before the first script, so that the scripts can say who may read it.
    private const string CreateSql = """
        create table if not exists schema_migration (
            script_name text not null constraint schema_migration_pk primary key,
            applied_at timestamptz not null default clock_timestamp()
        )
        """;

    private const string ReadSql = "select script_name from schema_migration";

    private const string InsertSql = "insert into schema_migration (script_name) values (@script_name)";

    public static async Task Create(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(CreateSql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<IReadOnlySet<string>> Read(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(ReadSql, connection);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
            names.Add(reader.GetString(0));
        return names;
    }

    public string[] GetExecutedScripts() => [.. applied];

    public void StoreExecutedScript(SqlScript script, Func<IDbCommand> dbCommandFactory)
    {
        using var command = dbCommandFactory();
        command.CommandText = InsertSql;
        command.Parameters.Add(new NpgsqlParameter("script_name", script.Name));
        command.ExecuteNonQuery();
    }

    public void EnsureTableExistsAndIsLatestVersion(Func<IDbCommand> dbCommandFactory)
    {
        // The migrator has made it, under its lock, before it read what is here.
    }
}
