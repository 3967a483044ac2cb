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
    string ApiConnectionString);
