namespace AX2Caption.Grains.Auditing;

/// <summary>Something that must always hold.</summary>
/// <param name="Name">Its stable name.</param>
/// <param name="Sql">Answers one row for every violation: subject and detail.</param>
internal sealed record AuditRule(string Name, string Sql);
