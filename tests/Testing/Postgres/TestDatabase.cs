using System.Text;
using Npgsql;

namespace AX2Caption.Testing.Postgres;

/// <summary>A fresh, migrated database of its own for one test class or scenario.</summary>
/// <param name="Name">The database's name on its server.</param>
/// <param name="OwnerConnectionString">The role that owns the schema and migrates it; not a superuser.</param>
/// <param name="SiloConnectionString">A login role with the rights of <c>ax2_silo</c> and no others.</param>
/// <param name="ApiConnectionString">A login role with the rights of <c>ax2_api</c> and no others.</param>
public sealed record TestDatabase(
    string Name,
    string OwnerConnectionString,
    string SiloConnectionString,
    string ApiConnectionString)
{
    /// <summary>Every row of every table as text, to look for what must not be there.</summary>
    public async Task<string> Dump(CancellationToken cancellationToken = default)
    {
        await using var owner = NpgsqlDataSource.Create(OwnerConnectionString);
        var tables = new List<string>();
        await using (var names = owner.CreateCommand(
            "select quote_ident(table_name) from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"))
        {
            await using var reader = await names.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
                tables.Add(reader.GetString(0));
        }

        var dump = new StringBuilder();
        foreach (var table in tables)
        {
#pragma warning disable CA2100 // The names are the database's own, quoted by it.
            await using var rows = owner.CreateCommand($"select coalesce(string_agg(row::text, E'\n'), '') from {table} as row");
#pragma warning restore CA2100
            dump.Append(table).Append('\n').Append(await rows.ExecuteScalarAsync(cancellationToken)).Append('\n');
        }

        return dump.ToString();
    }
}
