namespace AX2Caption.Silo.Migrations;

/// <summary>A script failed. Nothing of it stays; the scripts before it do.</summary>
public sealed class MigrationFailedException(string script, Exception cause) : Exception($"{script} failed: {cause.Message}", cause)
{
    /// <summary>File name of the script, such as <c>0001_roles.sql</c>.</summary>
    public string Script { get; } = script;
}
